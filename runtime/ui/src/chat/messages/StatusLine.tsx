import { LoaderCircle } from 'lucide-react';

import { useChat } from '../store/chat';

/** What the bot is doing right now. */
export function StatusLine({ id }: { id: string }) {
  const name = useChat(({ steps }) => steps.byId[id]?.name);
  return (
    <li className="list-none">
      <p role="status" data-step-type="status" className="flex items-center gap-2 text-sm text-muted">
        <LoaderCircle size={14} className="animate-spin text-accent" aria-hidden />
        {name}…
      </p>
    </li>
  );
}
