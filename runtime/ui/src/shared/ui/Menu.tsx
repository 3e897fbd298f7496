import * as Radix from '@radix-ui/react-dropdown-menu';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

const ITEM = 'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none '
  + 'data-[highlighted]:bg-sunken data-[disabled]:opacity-50';

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom';
  className?: string;
  onCloseAutoFocus?(event: Event): void;
}

export function Menu({ trigger, children, align = 'end', side = 'bottom', className = 'min-w-52', onCloseAutoFocus }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align} side={side} sideOffset={6} collisionPadding={8} onCloseAutoFocus={onCloseAutoFocus}
          className={`z-50 max-h-[70dvh] max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-lg data-[state=open]:animate-fade ${className}`}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  icon?: ReactNode;
  children: ReactNode;
  onSelect(): void;
  isBad?: boolean;
  disabled?: boolean;
}

export function MenuItem({ icon, children, onSelect, isBad, disabled }: MenuItemProps) {
  return (
    <Radix.Item className={`${ITEM} ${isBad ? 'text-bad' : ''}`} onSelect={onSelect} disabled={disabled}>
      {icon}{children}
    </Radix.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  options: { value: T; label: ReactNode; icon?: ReactNode }[];
  onChange(value: T): void;
}

/** One of several, with a tick at the chosen one. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as T)} aria-label={label}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={ITEM}>
          {option.icon}
          <span className="min-w-0 flex-1">{option.label}</span>
          <Radix.ItemIndicator><Check size={16} className="text-accent" aria-hidden /></Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">{children}</Radix.Label>;
}

export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
