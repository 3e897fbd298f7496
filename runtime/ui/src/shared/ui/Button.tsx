import * as Tooltip from '@radix-ui/react-tooltip';
import { forwardRef, type ButtonHTMLAttributes, type ReactNode } from 'react';

type Kind = 'plain' | 'accent' | 'outline' | 'danger';

const LOOKS: Record<Kind, string> = {
  plain: 'text-ink hover:bg-sunken',
  accent: 'bg-accent text-on-accent hover:opacity-90',
  outline: 'border border-line bg-raised text-ink hover:bg-sunken',
  danger: 'bg-bad text-page hover:opacity-90',
};

const BASE = 'inline-flex items-center justify-center gap-2 text-sm font-medium transition-colors '
  + 'disabled:pointer-events-none disabled:opacity-50 cursor-pointer';

/** Round corners unless the caller has others. */
const shape = (className: string) => (className.includes('rounded-') ? '' : 'rounded-lg');

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button({ kind = 'outline', className = '', ...rest }, ref) {
  return <button ref={ref} type="button" className={`${BASE} min-h-9 px-3 py-1.5 ${shape(className)} ${LOOKS[kind]} ${className}`} {...rest} />;
});

export interface IconButtonProps extends ButtonProps {
  /** What it does, for screen readers and as a tooltip. */
  label: string;
  children: ReactNode;
  side?: 'top' | 'bottom' | 'left' | 'right';
  small?: boolean;
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, kind = 'plain', className = '', side = 'bottom', small, children, ...rest }, ref,
) {
  const size = small ? 'size-8' : 'size-9';
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button ref={ref} type="button" aria-label={label} className={`${BASE} ${size} shrink-0 ${shape(className)} ${LOOKS[kind]} ${className}`} {...rest}>
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content side={side} sideOffset={6} collisionPadding={8} className="z-60 rounded-md bg-ink px-2 py-1 text-xs text-page shadow">
          {label}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
});

export function Tooltips({ children }: { children: ReactNode }) {
  return <Tooltip.Provider delayDuration={400} disableHoverableContent>{children}</Tooltip.Provider>;
}
