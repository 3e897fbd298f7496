import * as RadixCheckbox from '@radix-ui/react-checkbox';
import * as RadixSelect from '@radix-ui/react-select';
import * as RadixSlider from '@radix-ui/react-slider';
import * as RadixSwitch from '@radix-ui/react-switch';
import { Check, ChevronDown } from 'lucide-react';
import { createContext, forwardRef, useContext, useId, useState, type ComponentProps, type ComponentPropsWithoutRef } from 'react';

import { cn } from './cn';
import { styled } from './styled';

const FIELD = 'w-full rounded-md border border-input bg-background px-3 text-sm disabled:cursor-not-allowed disabled:opacity-50';

export const Input = styled('input', `${FIELD} h-9 py-1`);
export const Textarea = styled('textarea', `${FIELD} min-h-16 py-2`);

export const Checkbox = forwardRef<HTMLButtonElement, ComponentPropsWithoutRef<typeof RadixCheckbox.Root>>(
  function Checkbox({ className, ...props }, ref) {
    return (
      <RadixCheckbox.Root ref={ref} {...props} className={cn('size-4 shrink-0 rounded-sm border border-primary data-[state=checked]:bg-primary data-[state=checked]:text-primary-foreground disabled:opacity-50', className)}>
        <RadixCheckbox.Indicator><Check className="size-3.5" /></RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
    );
  },
);

export const Switch = forwardRef<HTMLButtonElement, ComponentPropsWithoutRef<typeof RadixSwitch.Root>>(
  function Switch({ className, ...props }, ref) {
    return (
      <RadixSwitch.Root ref={ref} {...props} className={cn('inline-flex h-5 w-9 shrink-0 items-center rounded-full border-2 border-transparent bg-input transition-colors data-[state=checked]:bg-primary disabled:opacity-50', className)}>
        <RadixSwitch.Thumb className="block size-4 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4" />
      </RadixSwitch.Root>
    );
  },
);

export const Slider = forwardRef<HTMLSpanElement, ComponentPropsWithoutRef<typeof RadixSlider.Root>>(
  function Slider({ className, ...props }, ref) {
    const count = (props.value ?? props.defaultValue ?? [0]).length;
    return (
      <RadixSlider.Root ref={ref} {...props} className={cn('relative flex h-5 w-full touch-none items-center select-none', className)}>
        <RadixSlider.Track className="relative h-1.5 grow rounded-full bg-input"><RadixSlider.Range className="absolute h-full rounded-full bg-primary" /></RadixSlider.Track>
        {Array.from({ length: count }, (_, at) => <RadixSlider.Thumb key={at} className="block size-4 rounded-full border-2 border-primary bg-background" />)}
      </RadixSlider.Root>
    );
  },
);

export const Select = RadixSelect.Root;
export const SelectGroup = RadixSelect.Group;
export const SelectValue = RadixSelect.Value;
export const SelectLabel = styled(RadixSelect.Label, 'px-2 py-1.5 text-sm font-semibold');
export const SelectSeparator = styled(RadixSelect.Separator, 'my-1 h-px bg-border');

export const SelectTrigger = forwardRef<HTMLButtonElement, ComponentPropsWithoutRef<typeof RadixSelect.Trigger>>(
  function SelectTrigger({ className, children, ...props }, ref) {
    return (
      <RadixSelect.Trigger ref={ref} {...props} className={cn(FIELD, 'flex h-9 items-center justify-between gap-2', className)}>
        {children}
        <RadixSelect.Icon><ChevronDown className="size-4 opacity-50" /></RadixSelect.Icon>
      </RadixSelect.Trigger>
    );
  },
);

export function SelectContent({ className, children, ...props }: ComponentProps<typeof RadixSelect.Content>) {
  return (
    <RadixSelect.Portal>
      <div className="bot-component">
        <RadixSelect.Content position="popper" sideOffset={4} {...props} className={cn('z-50 max-h-80 overflow-auto rounded-md border border-border bg-popover text-popover-foreground shadow-md', className)}>
          <RadixSelect.Viewport className="p-1">{children}</RadixSelect.Viewport>
        </RadixSelect.Content>
      </div>
    </RadixSelect.Portal>
  );
}

export function SelectItem({ className, children, ...props }: ComponentProps<typeof RadixSelect.Item>) {
  return (
    <RadixSelect.Item {...props} className={cn('relative flex cursor-default items-center rounded-sm py-1.5 pr-8 pl-2 text-sm outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-accent', className)}>
      <RadixSelect.ItemText>{children}</RadixSelect.ItemText>
      <RadixSelect.ItemIndicator className="absolute right-2"><Check className="size-4" /></RadixSelect.ItemIndicator>
    </RadixSelect.Item>
  );
}

interface Radios {
  name: string;
  value: string | undefined;
  disabled: boolean | undefined;
  choose(value: string): void;
}

const RadiosContext = createContext<Radios | null>(null);

interface RadioGroupProps extends Omit<ComponentProps<'div'>, 'defaultValue'> {
  value?: string;
  defaultValue?: string;
  onValueChange?(value: string): void;
  disabled?: boolean;
}

export function RadioGroup({ value, defaultValue, onValueChange, disabled, className, ...props }: RadioGroupProps) {
  const name = useId();
  const [own, setOwn] = useState(defaultValue);
  const choose = (chosen: string) => {
    setOwn(chosen);
    onValueChange?.(chosen);
  };
  return (
    <RadiosContext.Provider value={{ name, value: value ?? own, disabled, choose }}>
      <div role="radiogroup" {...props} className={cn('grid gap-2', className)} />
    </RadiosContext.Provider>
  );
}

export function RadioGroupItem({ value, className, ...props }: ComponentProps<'input'> & { value: string }) {
  const radios = useContext(RadiosContext);
  return (
    <input
      {...props}
      type="radio"
      name={radios?.name}
      value={value}
      disabled={radios?.disabled || props.disabled}
      checked={radios?.value === value}
      onChange={() => radios?.choose(value)}
      className={cn('size-4', className)}
      style={{ accentColor: 'var(--accent)' }}
    />
  );
}
