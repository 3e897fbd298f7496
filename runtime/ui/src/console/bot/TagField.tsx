import { Plus, X } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { button, field } from '../ui/classes';

interface Props {
  label: string;
  note: string;
  example: string;
  items: string[];
  /** What could be added, and which versions ask for it. */
  suggestions: { item: string; by: number[] }[];
  onChange(items: string[]): void;
}

/** A list of words. */
export function TagField({ label, note, example, items, suggestions, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const id = `grant-${label.toLowerCase()}`;
  const add = (item: string) => {
    if (item && !items.includes(item)) onChange([...items, item]);
    setTyped('');
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !typed.trim()) return;
    // Enter in an empty field saves the form, as everywhere.
    event.preventDefault();
    add(typed.trim());
  };
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3.5 sm:grid-cols-[14rem_1fr]">
      <div>
        <label htmlFor={id} className="text-sm font-medium">{label}</label>
        <p className="text-sm text-muted">{note}</p>
      </div>
      <div className="min-w-0 space-y-2">
        {items.length === 0 && <p className="text-sm text-muted">None</p>}
        <ul className="flex flex-wrap gap-1.5" aria-label={`${label} granted`}>
          {items.map((item) => (
            <li key={item} className="flex min-w-0 items-center gap-1 rounded-md bg-accent-soft py-0.5 pr-0.5 pl-2 font-mono text-xs">
              <span className="min-w-0 break-all">{item}</span>
              <button
                type="button"
                onClick={() => onChange(items.filter((one) => one !== item))}
                className="grid size-6 shrink-0 place-items-center rounded hover:bg-raised"
                aria-label={`Take ${item} away`}
              >
                <X size={13} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
        {suggestions.map(({ item, by }) => (
          <button key={item} type="button" onClick={() => add(item)} className={`${button('plain', 'small')} mr-1.5 max-w-full !whitespace-normal border-dashed py-1 text-left`}>
            <Plus size={13} className="shrink-0" aria-hidden />
            <span className="font-mono break-all">{item}</span>
            <span className="text-muted">for v{by.join(', v')}</span>
          </button>
        ))}
        <div className="flex gap-2">
          <input
            id={id}
            value={typed}
            placeholder={example}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={onKey}
            onBlur={() => add(typed.trim())}
            className={`${field} w-full font-mono`}
          />
          <button type="button" disabled={!typed.trim()} onClick={() => add(typed.trim())} className={button('plain')} aria-label={`Add to ${label}`}>Add</button>
        </div>
      </div>
    </li>
  );
}
