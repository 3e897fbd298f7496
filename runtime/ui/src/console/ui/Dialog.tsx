import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { button } from './classes';

interface Props {
  title: string;
  description: string;
  /** A sheet stands at the side, and fills a phone's screen. */
  isSheet?: boolean;
  onClose(): void;
  children: ReactNode;
}

const centred = 'left-1/2 top-1/2 max-h-[90dvh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-2xl border';
const sheet = 'inset-y-0 right-0 w-full sm:w-[30rem] border-l';

export function Dialog({ title, description, isSheet, onClose, children }: Props) {
  // There is no Radix trigger that would get the focus back.
  const opener = useRef(document.activeElement);
  const giveBackFocus = (event: Event) => {
    event.preventDefault();
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content onCloseAutoFocus={giveBackFocus} className={`fixed z-50 flex flex-col border-line bg-raised shadow-2xl ${isSheet ? sheet : centred}`}>
          <header className="flex items-start gap-3 px-5 pt-5 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold break-words">{title}</Radix.Title>
              <Radix.Description className="mt-0.5 text-sm text-muted">{description}</Radix.Description>
            </div>
            <Radix.Close className={`${button('quiet', 'icon')} -mt-1.5 -mr-2`} aria-label="Close">
              <X size={18} aria-hidden />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
