import { useCallback } from 'react';
import { useNavigate } from 'react-router';

import { loadSettings, switchBot } from '../connection/boot';
import { open } from '../connection/chat';
import { app } from '../store/app';
import { focusComposer } from '../composer/focus';
import type { Thread } from '../types';
import { useConfirm } from './confirm';

/** Leaves the conversation for a new one. */
export function useNewChat(): () => void {
  const navigate = useNavigate();
  const confirm = useConfirm();
  return useCallback(() => {
    void confirm().then((yes) => {
      if (!yes) return;
      app.set({ isHistoryOpen: false });
      open(null);
      void navigate('/');
      // After the dialog has given the focus back.
      setTimeout(focusComposer, 50);
    });
  }, [navigate, confirm]);
}

export function useGoToBot(): (name: string) => Promise<void> {
  const navigate = useNavigate();
  return useCallback(async (name) => {
    await switchBot(name);
    void navigate('/');
  }, [navigate]);
}

export function useOpenThread(): (thread: Pick<Thread, 'id' | 'metadata'>) => void {
  const navigate = useNavigate();
  return useCallback((thread) => {
    app.set({ isHistoryOpen: false });
    const bot = thread.metadata?.chat_profile;
    // What the page offers is that of the conversation's bot.
    const ready = typeof bot === 'string' && bot !== app.get().bot ? loadSettings(bot).catch(() => null) : Promise.resolve(null);
    void ready.then(() => navigate(`/thread/${thread.id}`));
  }, [navigate]);
}
