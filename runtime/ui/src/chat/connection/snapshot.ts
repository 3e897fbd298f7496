import { chat, emptyChat, type ChatState } from '../store/chat';
import { flush } from '../store/batch';

/**
 * The conversation as it was when the page was left: a server tells a session that comes back only what is new since then.
 */
const KEY = 'chinwag-snapshot';

const KEPT = ['threadId', 'hasBegun', 'steps', 'elements', 'taskList', 'actions', 'widgets', 'settings', 'commands', 'modes', 'sidebar', 'tokens', 'unsent'] as const;
type Kept = Pick<ChatState, (typeof KEPT)[number]>;

interface Snapshot {
  sessionId: string;
  state: Kept;
}

export function keepSnapshot(): void {
  flush();
  const now = chat.get();
  if (!now.sessionId || now.steps.order.length === 0) return sessionStorage.removeItem(KEY);
  const state = Object.fromEntries(KEPT.map((key) => [key, now[key]]));
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ sessionId: now.sessionId, state }));
  } catch {
    // Too large: the server's copy has to do.
    sessionStorage.removeItem(KEY);
  }
}

export function restoreSnapshot(sessionId: string): void {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (!text) return;
  try {
    const snapshot = JSON.parse(text) as Snapshot;
    if (snapshot.sessionId === sessionId) chat.set({ ...emptyChat, ...snapshot.state });
  } catch {
    // Of another version of the page.
  }
}
