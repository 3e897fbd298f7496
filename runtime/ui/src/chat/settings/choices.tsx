import * as Checkbox from '@radix-ui/react-checkbox';
import * as Select from '@radix-ui/react-select';
import * as Switch from '@radix-ui/react-switch';
import { Check, ChevronDown } from 'lucide-react';

import { FIELD, type InputProps } from './input';
import { itemsOf, textOf, textsOf } from './values';

export function SwitchInput({ widget, value, describedBy, onChange }: InputProps) {
  return (
    <Switch.Root
      id={widget.id}
      checked={value === true}
      onCheckedChange={onChange}
      disabled={widget.disabled === true}
      aria-describedby={describedBy}
      className="inline-flex h-6 w-10.5 shrink-0 items-center rounded-full bg-line p-0.5 transition-colors disabled:opacity-55 data-[state=checked]:bg-accent"
    >
      <Switch.Thumb className="block size-5 rounded-full bg-white shadow transition-transform data-[state=checked]:translate-x-4.5" />
    </Switch.Root>
  );
}

const BOX = 'grid size-5 shrink-0 place-items-center rounded-md border border-muted/60 bg-page text-on-accent disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent';

export function CheckboxInput({ widget, value, describedBy, onChange }: InputProps) {
  return (
    <Checkbox.Root id={widget.id} checked={value === true} onCheckedChange={(checked) => onChange(checked === true)} disabled={widget.disabled === true} aria-describedby={describedBy} className={BOX}>
      <Checkbox.Indicator><Check aria-hidden className="size-3.5" strokeWidth={3} /></Checkbox.Indicator>
    </Checkbox.Root>
  );
}

export function MultiSelectInput({ widget, value, labelId, describedBy, onChange }: InputProps) {
  const chosen = textsOf(value);
  const items = itemsOf(widget);
  // In the order of the items, however they were chosen.
  const toggle = (toggled: string, isOn: boolean) => onChange(items.map((item) => item.value).filter((item) => (item === toggled ? isOn : chosen.includes(item))));
  return (
    <div id={widget.id} role="group" aria-labelledby={labelId} aria-describedby={describedBy} className="flex flex-wrap gap-2">
      {items.map((item) => (
        <label key={item.value} className="flex min-h-10 cursor-pointer items-center gap-2 rounded-lg border border-line bg-page px-3 text-sm has-data-[state=checked]:border-accent has-data-[state=checked]:bg-accent-soft">
          <Checkbox.Root checked={chosen.includes(item.value)} onCheckedChange={(checked) => toggle(item.value, checked === true)} disabled={widget.disabled === true} className={BOX}>
            <Checkbox.Indicator><Check aria-hidden className="size-3.5" strokeWidth={3} /></Checkbox.Indicator>
          </Checkbox.Root>
          {item.label}
        </label>
      ))}
    </div>
  );
}

export function RadioInput({ widget, value, labelId, describedBy, onChange }: InputProps) {
  return (
    <div id={widget.id} role="radiogroup" aria-labelledby={labelId} aria-describedby={describedBy} className="flex flex-wrap gap-2">
      {itemsOf(widget).map((item) => (
        <label key={item.value} className="flex min-h-10 cursor-pointer items-center gap-2 rounded-lg border border-line bg-page px-3 text-sm has-checked:border-accent has-checked:bg-accent-soft">
          <input type="radio" name={widget.id} value={item.value} checked={value === item.value} onChange={() => onChange(item.value)} disabled={widget.disabled === true} className="size-4 accent-accent" />
          {item.label}
        </label>
      ))}
    </div>
  );
}

export function SelectInput({ widget, value, describedBy, onChange }: InputProps) {
  return (
    <Select.Root value={textOf(value)} onValueChange={onChange} disabled={widget.disabled === true}>
      <Select.Trigger id={widget.id} aria-describedby={describedBy} className={`${FIELD} flex items-center justify-between gap-2 text-left data-[placeholder]:text-muted`}>
        <span className="truncate"><Select.Value placeholder="Choose…" /></span>
        <Select.Icon><ChevronDown aria-hidden className="size-4 text-muted" /></Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Content position="popper" sideOffset={4} className="z-[60] max-h-[min(20rem,var(--radix-select-content-available-height))] w-(--radix-select-trigger-width) overflow-auto rounded-lg border border-line bg-raised shadow-lg">
          <Select.Viewport className="p-1">
            {itemsOf(widget).filter((item) => item.value !== '').map((item) => (
              <Select.Item key={item.value} value={item.value} className="flex min-h-9 cursor-default items-center justify-between gap-2 rounded-md px-2.5 text-sm outline-none select-none data-[highlighted]:bg-accent-soft">
                <Select.ItemText>{item.label}</Select.ItemText>
                <Select.ItemIndicator><Check aria-hidden className="size-4 text-accent" /></Select.ItemIndicator>
              </Select.Item>
            ))}
          </Select.Viewport>
        </Select.Content>
      </Select.Portal>
    </Select.Root>
  );
}
