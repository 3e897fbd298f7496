import * as Tooltip from '@radix-ui/react-tooltip';
import { Info } from 'lucide-react';
import type { ComponentType } from 'react';

import type { Json, Widget } from '../protocol';
import { CheckboxInput, MultiSelectInput, RadioInput, SelectInput, SwitchInput } from './choices';
import type { InputProps } from './input';
import { DateInput, NumberInput, SliderInput, TagsInput, TextInput } from './entries';

const INPUTS: Record<string, ComponentType<InputProps>> = {
  checkbox: CheckboxInput,
  datepicker: DateInput,
  multiselect: MultiSelectInput,
  numberinput: NumberInput,
  radio: RadioInput,
  select: SelectInput,
  slider: SliderInput,
  switch: SwitchInput,
  tags: TagsInput,
  textinput: TextInput,
};

/** These stand beside their label instead of below it. */
const BESIDE = ['switch', 'checkbox'];
/** These are several controls, which a label alone cannot name. */
const GROUPS = ['radio', 'multiselect', 'tags', 'datepicker', 'slider'];

interface FieldProps {
  widget: Widget;
  value: Json;
  problem: string | null;
  onChange(value: Json): void;
}

/** A setting with its name, its explanation and what is wrong with it. */
export function Field({ widget, value, problem, onChange }: FieldProps) {
  const Input = INPUTS[widget.type];
  if (!Input) return null;
  const { id, label, tooltip, description } = widget;
  const isBeside = BESIDE.includes(widget.type);
  const labelId = `${id}-label`;
  const describedBy = [description && `${id}-description`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined;
  const name = GROUPS.includes(widget.type)
    ? <span id={labelId} className="text-sm font-medium">{label}</span>
    : <label id={labelId} htmlFor={id} className="text-sm font-medium">{label}</label>;
  const input = <Input widget={widget} value={value} labelId={labelId} describedBy={describedBy} isWrong={problem !== null} onChange={onChange} />;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div className="flex min-h-6 items-center gap-1.5">
        {name}
        {tooltip && <Hint text={tooltip} about={label} />}
        {isBeside && <span className="ml-auto flex">{input}</span>}
      </div>
      {!isBeside && input}
      {description && <p id={`${id}-description`} className="text-xs text-muted">{description}</p>}
      {problem && <p id={`${id}-problem`} role="alert" className="text-xs text-bad">{problem}</p>}
    </div>
  );
}

function Hint({ text, about }: { text: string; about: string }) {
  return (
    <Tooltip.Provider delayDuration={150}>
      <Tooltip.Root>
        <Tooltip.Trigger type="button" aria-label={`About ${about}`} className="text-muted hover:text-ink">
          <Info aria-hidden className="size-3.5" />
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content sideOffset={6} collisionPadding={12} className="z-[60] max-w-72 rounded-lg bg-ink px-2.5 py-1.5 text-xs text-page shadow-lg">{text}</Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
