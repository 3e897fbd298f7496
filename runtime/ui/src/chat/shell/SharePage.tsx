import { useEffect, useState } from 'react';
import { useParams } from 'react-router';

import { api } from '../api';
import { show } from '../connection/chat';
import { Conversation } from '../messages/Conversation';
import { chat } from '../store/chat';
import { UserMenu } from './Header';
import { Loading, Notice } from './Notices';
import { SidePanel } from './SidePanel';

const reader = {
  canAct: false,
  openElement: (id: string) => chat.set({ panel: { kind: 'element', id } }),
};

/** A conversation that its owner shares: to be read. */
export default function SharePage() {
  const { id } = useParams();
  const [name, setName] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    if (!id) return;
    api.sharedThread(id).then((thread) => {
      show(thread);
      setName(thread.name?.trim() || 'Shared conversation');
    }, () => setMissing(true));
  }, [id]);
  return (
    <div className="flex h-dvh flex-col">
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line px-4">
        <h1 className="min-w-0 flex-1 truncate text-sm font-semibold">{name ?? 'Shared conversation'}</h1>
        <a href="/" className="rounded-lg px-3 py-1.5 text-sm font-medium text-accent hover:bg-sunken">Start your own</a>
        <UserMenu />
      </header>
      <div className="flex min-h-0 flex-1">
        <main className="flex min-w-0 flex-1 flex-col">
          {isMissing
            ? <Notice title="This conversation is not shared"><p className="text-muted">Its owner has taken it back, or the address is wrong.</p></Notice>
            : name === null ? <Loading label="Opening the conversation" /> : <Conversation reader={reader} />}
        </main>
        <SidePanel />
      </div>
    </div>
  );
}
