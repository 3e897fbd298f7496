/** What one browser tab remembers: its session, so that a reload finds it again, and the bot it talks to. */
const SESSION = 'chinwag-session';
const THREAD = 'chinwag-thread';
const BOT = 'chinwag-bot';
const ENV = 'userEnv';

/** How long a page waits for the session of its tab, in milliseconds: until the page before has closed, on a busy machine; or to find out that it is a copy. */
const CLOSING = 5_000;
const COPIED = 500;

let release: (() => void) | null = null;

// At once, and not when the browser has tidied up behind the page.
window.addEventListener('pagehide', () => release?.());
window.addEventListener('pageshow', ({ persisted }) => {
  // Brought back as it was, without its session.
  if (persisted) window.location.reload();
});

export const tab = {
  sessionId: () => sessionStorage.getItem(SESSION),
  threadId: () => sessionStorage.getItem(THREAD),
  bot: () => sessionStorage.getItem(BOT),
  setThread: (id: string | null) => put(THREAD, id),
  setBot: (name: string | null) => put(BOT, name),
};

function put(key: string, value: string | null): void {
  if (value) sessionStorage.setItem(key, value);
  else sessionStorage.removeItem(key);
}

/** A session of its own for a new conversation. */
export function newSession(): string {
  const id = uuid();
  sessionStorage.setItem(SESSION, id);
  put(THREAD, null);
  release?.();
  void hold(id);
  return id;
}

/**
 * The session of before a reload. A copied tab brings the session of the tab it was copied from: two tabs must not share one,
 * so whoever finds it taken gets a new one.
 */
export async function ownSession(): Promise<{ id: string; isOld: boolean }> {
  const old = tab.sessionId();
  if (!old) return { id: newSession(), isOld: false };
  const end = performance.now() + (isSameTab() ? CLOSING : COPIED);
  for (;;) {
    if (await hold(old)) return { id: old, isOld: true };
    if (performance.now() > end) return { id: newSession(), isOld: false };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A page that was loaded again in its tab, or gone back to: whoever holds the session is the page before, which is closing. */
function isSameTab(): boolean {
  const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return how?.type === 'reload' || how?.type === 'back_forward';
}

/** Holds a lock for as long as the page lives. Pages without encryption have no locks, and go without. */
function hold(id: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(`chinwag-${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<void>((end) => { release = end; }) : undefined;
    });
  });
}

/** As crypto.randomUUID, which pages without encryption lack. */
export function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Keys that bots ask the user for; they stay in this browser. */
export function userEnv(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(ENV) ?? '{}');
    if (!kept || typeof kept !== 'object') return {};
    return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

export function setUserEnv(keys: Record<string, string>): void {
  localStorage.setItem(ENV, JSON.stringify({ ...userEnv(), ...keys }));
}
