import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from 'react';

import { Button } from '../../shared/ui/Button';
import { Dialog } from '../../shared/ui/Dialog';
import { app } from '../store/app';
import { chat } from '../store/chat';

const Confirm = createContext<() => Promise<boolean>>(async () => true);

/** Asks before a conversation is left that cannot be found again. */
export const useConfirm = () => useContext(Confirm);

export function ConfirmLeaving({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const answer = useRef<(yes: boolean) => void>(() => undefined);
  const ask = useCallback(() => {
    const { settings, user } = app.get();
    const isKept = Boolean(settings?.dataPersistence && user);
    const isEmpty = !chat.get().hasBegun && !chat.get().isWorking;
    if (isKept || isEmpty || settings?.ui.confirm_new_chat === false) return Promise.resolve(true);
    setOpen(true);
    return new Promise<boolean>((resolve) => { answer.current = resolve; });
  }, []);
  const close = (yes: boolean) => {
    setOpen(false);
    answer.current(yes);
  };
  return (
    <Confirm.Provider value={ask}>
      {children}
      <Dialog open={isOpen} onOpenChange={(open) => !open && close(false)} title="Start a new chat?" description="Nobody is signed in, so this conversation cannot be opened again.">
        <div className="flex justify-end gap-2">
          <Button onClick={() => close(false)}>Stay here</Button>
          <Button kind="accent" onClick={() => close(true)}>New chat</Button>
        </div>
      </Dialog>
    </Confirm.Provider>
  );
}
