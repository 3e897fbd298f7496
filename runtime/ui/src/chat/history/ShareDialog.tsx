import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

import { copyText } from '../../shared/clipboard';
import { Button } from '../../shared/ui/Button';
import { Dialog } from '../../shared/ui/Dialog';
import { shareThread } from '../store/threads';

interface ShareDialogProps {
  threadId: string;
  isShared: boolean;
  onClose(): void;
}

/** Lets everybody who has the address read a conversation, or takes that back. */
export function ShareDialog({ threadId, isShared: wasShared, onClose }: ShareDialogProps) {
  const [isShared, setShared] = useState(wasShared);
  const [isCopied, setCopied] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const address = `${window.location.origin}/share/${threadId}`;
  const set = async (next: boolean) => {
    setBusy(true);
    if (await shareThread(threadId, next)) setShared(next);
    setBusy(false);
  };
  return (
    <Dialog
      open onOpenChange={(open) => !open && onClose()} title="Share this conversation"
      description="Whoever has the address can read it, with everything that is said in it later. They are not told whose it is."
    >
      {isShared ? (
        <div className="flex flex-col gap-3">
          <div className="flex gap-2">
            <input readOnly value={address} aria-label="Address" onFocus={(event) => event.target.select()} className="min-w-0 flex-1 rounded-lg border border-line bg-page px-3 text-sm" />
            <Button kind="accent" onClick={() => void copyText(address).then(setCopied)}>
              {isCopied ? <Check size={16} /> : <Copy size={16} />}{isCopied ? 'Copied' : 'Copy'}
            </Button>
          </div>
          <Button disabled={isBusy} onClick={() => void set(false)}>Stop sharing</Button>
        </div>
      ) : <Button kind="accent" className="w-full" disabled={isBusy} onClick={() => void set(true)}>Make an address</Button>}
    </Dialog>
  );
}
