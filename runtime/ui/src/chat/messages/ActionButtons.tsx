import { LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useShallow } from 'zustand/react/shallow';

import { Button } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { words } from '../api';
import { act } from '../connection/chat';
import type { Action } from '../protocol';
import { useChat } from '../store/chat';
import { useReader } from './reader';

/** What the bot offers below a message. */
export function ActionButtons({ messageId }: { messageId: string }) {
  const { canAct } = useReader();
  const actions = useChat(useShallow(({ actions: all, ask }) =>
    // The choices of an open question are in its panel.
    all.filter((it) => it.forId === messageId && !ask?.spec.keys?.includes(it.id))));
  if (!canAct || actions.length === 0) return null;
  return <div className="mt-3 flex flex-wrap gap-2">{actions.map((action) => <ActionButton key={action.id} action={action} />)}</div>;
}

function ActionButton({ action }: { action: Action }) {
  const [isPending, setPending] = useState(false);
  const isBusy = useChat((state) => state.isWorking || state.link !== 'up');
  const click = async () => {
    setPending(true);
    try {
      await act(action);
    } catch (error) {
      toast.error(words(error));
    } finally {
      setPending(false);
    }
  };
  return (
    <Button disabled={isPending || isBusy} aria-busy={isPending} title={action.tooltip || undefined} onClick={() => void click()}>
      {isPending ? <LoaderCircle size={16} className="animate-spin" aria-hidden /> : action.icon ? <Icon name={action.icon} /> : null}
      {action.label || (action.icon ? '' : action.name)}
      {!action.label && action.icon ? <span className="sr-only">{action.name}</span> : null}
    </Button>
  );
}
