import * as Slider from '@radix-ui/react-slider';
import { X } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';

import { FIELD, type InputProps } from './input';
import { dayOf, numberOf, textOf, textsOf } from './values';

function common({ widget, describedBy, isWrong }: InputProps) {
  return {
    id: widget.id,
    disabled: widget.disabled === true,
    placeholder: textOf(widget.placeholder) || undefined,
    'aria-describedby': describedBy,
    'aria-invalid': isWrong || undefined,
  };
}

export function TextInput(props: InputProps) {
  const { widget, value, onChange } = props;
  const shared = { ...common(props), value: textOf(value) };
  if (widget.multiline === true) {
    return <textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} className={`${FIELD} field-sizing-content max-h-60 py-2`} />;
  }
  return <input {...shared} type="text" onChange={(event) => onChange(event.target.value)} className={FIELD} />;
}

/** What is no number yet, like a lone minus, stays as it was typed. */
export function NumberInput(props: InputProps) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const isTyped = typed !== null && parsed(typed) === value;
  return (
    <input
      {...common(props)}
      type="text"
      inputMode="decimal"
      value={isTyped ? typed : textOf(value)}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(parsed(event.target.value));
      }}
      className={`${FIELD} tabular-nums`}
    />
  );
}

function parsed(typed: string): number | string | null {
  const text = typed.trim().replace(',', '.');
  if (text === '') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : typed;
}

export function SliderInput({ widget, value, labelId, describedBy, onChange }: InputProps) {
  const [min, max, step] = [numberOf(widget.min, 0), numberOf(widget.max, 10), numberOf(widget.step, 1)];
  const shown = numberOf(value, min);
  return (
    <div className="flex items-center gap-4">
      <Slider.Root
        min={min}
        max={max}
        step={step}
        value={[shown]}
        disabled={widget.disabled === true}
        onValueChange={([next]) => onChange(next ?? min)}
        className="relative flex h-10 flex-1 touch-none items-center select-none data-[disabled]:opacity-55"
      >
        <Slider.Track className="relative h-1.5 grow rounded-full bg-line"><Slider.Range className="absolute h-full rounded-full bg-accent" /></Slider.Track>
        <Slider.Thumb id={widget.id} aria-labelledby={labelId} aria-describedby={describedBy} className="block size-5 rounded-full border-2 border-accent bg-raised shadow" />
      </Slider.Root>
      <output aria-hidden className="min-w-12 text-right text-sm text-muted tabular-nums">{shown.toLocaleString()}</output>
    </div>
  );
}

export function TagsInput(props: InputProps) {
  const { widget, value, labelId, onChange } = props;
  const [typed, setTyped] = useState('');
  const tags = textsOf(value);
  const add = () => {
    const fresh = typed.split(',').map((tag) => tag.trim()).filter((tag) => tag !== '' && !tags.includes(tag));
    setTyped('');
    if (fresh.length > 0) onChange([...tags, ...new Set(fresh)]);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'Enter' && typed.trim() !== '') || event.key === ',') {
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && typed === '') onChange(tags.slice(0, -1));
  };
  return (
    <div className={`${FIELD} flex flex-wrap items-center gap-1.5 px-1.5 py-1.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent`}>
      {tags.map((tag) => (
        <span key={tag} className="inline-flex max-w-full items-center gap-1 rounded-md bg-accent-soft py-0.5 pr-1 pl-2">
          <span className="truncate">{tag}</span>
          <button type="button" disabled={widget.disabled === true} aria-label={`Remove ${tag}`} onClick={() => onChange(tags.filter((other) => other !== tag))} className="rounded p-0.5 text-muted hover:text-ink">
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      <input
        {...common(props)}
        type="text"
        aria-labelledby={labelId}
        value={typed}
        placeholder={tags.length === 0 ? 'Type and press Enter' : ''}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={press}
        onBlur={add}
        className="min-h-6 min-w-24 flex-1 bg-transparent px-1.5 outline-none placeholder:text-muted"
      />
    </div>
  );
}

export function DateInput(props: InputProps) {
  const { widget, value, labelId, onChange } = props;
  const shared = { ...common(props), type: 'date', min: dayOf(widget.min_date) || undefined, max: dayOf(widget.max_date) || undefined, className: FIELD };
  if (widget.mode !== 'range') {
    return <input {...shared} aria-labelledby={labelId} value={dayOf(value)} onChange={(event) => onChange(event.target.value || null)} />;
  }
  const [from = '', to = ''] = (Array.isArray(value) ? value : []).map(dayOf);
  const change = (next: [string, string]) => onChange(next[0] === '' && next[1] === '' ? null : next);
  return (
    <div role="group" aria-labelledby={labelId} className="flex items-center gap-2">
      <input {...shared} aria-label="First day" value={from} onChange={(event) => change([event.target.value, to])} />
      <span aria-hidden className="text-muted">–</span>
      <input {...shared} id={`${widget.id}-to`} aria-label="Last day" min={from || shared.min} value={to} onChange={(event) => change([from, event.target.value])} />
    </div>
  );
}
