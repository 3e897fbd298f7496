import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

/** The dialog itself gets the focus, unless something in it asks for it: a tooltip of its first button would swallow Escape. */
function focusWhole(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: string;
  children: ReactNode;
  className?: string;
}

/** A dialog in the middle of the window. */
export function Dialog({ open, onOpenChange, title, description, children, className = 'max-w-md' }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40 data-[state=open]:animate-fade" />
        <Radix.Content
          aria-describedby={undefined} onOpenAutoFocus={focusWhole}
          className={`fixed top-1/2 left-1/2 z-50 flex max-h-[85dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-2xl border border-line bg-raised shadow-xl outline-none data-[state=open]:animate-fade ${className}`}
        >
          <header className="flex items-center gap-2 py-3 pr-3 pl-5">
            <Radix.Title className="min-w-0 flex-1 truncate text-base font-semibold">{title}</Radix.Title>
            <Radix.Close aria-label="Close" className="grid size-8 cursor-pointer place-items-center rounded-lg hover:bg-sunken"><X size={16} /></Radix.Close>
          </header>
          <div className="overflow-y-auto px-5 pb-5">
            {description ? <p className="mb-4 text-sm text-muted">{description}</p> : null}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface DrawerProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  side: 'left' | 'right';
  children: ReactNode;
}

/** A column that slides over the page, for windows that have no room beside it. */
export function Drawer({ open, onOpenChange, title, side, children }: DrawerProps) {
  const place = side === 'left'
    ? 'left-0 w-[min(20rem,88vw)] border-r data-[state=open]:animate-from-left'
    : 'right-0 w-[min(32rem,94vw)] border-l data-[state=open]:animate-from-right';
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40 data-[state=open]:animate-fade" />
        <Radix.Content aria-describedby={undefined} onOpenAutoFocus={focusWhole} className={`fixed inset-y-0 z-50 flex flex-col border-line bg-page shadow-xl outline-none ${place}`}>
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
