import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { toast } from 'sonner';

import { api } from '../api';
import { followBot, recheckUser } from '../connection/boot';
import { open, show } from '../connection/chat';
import { emit, listen } from '../connection/socket';
import { tab } from '../connection/tab';
import { app } from '../store/app';
import { enqueue } from '../store/batch';
import { chat, emptyChat, useChat } from '../store/chat';
import { refreshThreads } from '../store/threads';

const hasHistory = () => Boolean(app.get().settings?.dataPersistence && app.get().user);

/** Keeps the address and the conversation together. Returns whether the user takes part in it, reads it, or it is not to be had. */
export function useThreadRoute(id: string | undefined): 'live' | 'read' | 'gone' {
  const [mode, setMode] = useState<'live' | 'read' | 'gone'>('live');
  const before = useRef<string | undefined>(undefined);
  const isRefused = useChat((state) => state.link === 'refused' && state.isOpening);
  useServerWords();

  useEffect(() => {
    const came = before.current;
    before.current = id;
    const { threadId, link } = chat.get();
    if (!id) {
      setMode('live');
      // Back from a conversation to where a new one begins.
      if (came && (threadId === came || link === 'off')) open(null);
      return;
    }
    if (id === threadId && link !== 'off') return setMode('live');
    if (app.get().settings?.threadResumable) {
      setMode('live');
      return open(id);
    }
    let isStale = false;
    api.thread(id).then(
      (thread) => { if (!isStale) { show(thread); setMode('read'); } },
      () => !isStale && setMode('gone'),
    );
    return () => { isStale = true; };
  }, [id]);

  return isRefused ? 'gone' : mode;
}

/** What the server says about the conversation as a whole. */
function useServerWords(): void {
  const navigate = useNavigate();
  useEffect(() => listen({
    onThread: (thread, bot) => {
      if (bot) void followBot(bot);
      if (!hasHistory()) return;
      if (window.location.pathname !== `/thread/${thread}` && !window.location.pathname.startsWith('/element/')) {
        void navigate(`/thread/${thread}`, { replace: !window.location.pathname.startsWith('/thread/') });
      }
      void refreshThreads();
    },
    onMissing: (why) => {
      toast.error(`This conversation cannot be continued: ${why}`);
      tab.setThread(null);
      enqueue((draft) => {
        for (const step of Object.keys(draft.state.steps.byId)) if (!(step in draft.state.unsent)) draft.steps.remove(step);
        const { steps, unsent, ...rest } = emptyChat;
        Object.assign(draft.state, rest);
      });
      void navigate('/', { replace: true });
    },
    onRefused: () => void recheckUser(),
  }), [navigate]);

  useEffect(() => {
    const hear = (event: MessageEvent<unknown>) => {
      // What frames and workers inside the page say is none of the bot's business.
      if (event.source !== window.parent && event.source !== window.opener) return;
      emit('window_message', event.data ?? null);
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, []);
}
