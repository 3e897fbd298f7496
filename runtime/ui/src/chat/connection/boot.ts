/** From an empty page to a conversation: how one signs in here, who is signed in, what the server offers. */
import { api, ApiError, words } from '../api';
import { app, suggestHistoryColumn } from '../store/app';
import type { Settings } from '../types';
import { begin, open } from './chat';
import { disconnect } from './socket';
import { tab, userEnv } from './tab';

export async function boot(): Promise<void> {
  app.set({ phase: 'loading', problem: null });
  try {
    const auth = await api.authConfig();
    app.set({ auth });
    const user = auth.requireLogin ? await whoIsThere() : null;
    app.set({ user });
    if (auth.requireLogin && !user) return app.set({ phase: 'login' });
    await loadSettings(tab.bot());
    if (missingKeys().length > 0) return app.set({ phase: 'env' });
    await start();
  } catch (error) {
    if (isSignedOut(error)) return app.set({ phase: 'login', user: null });
    app.set({ phase: 'failed', problem: words(error) });
  }
}

/** Connects; a page that is only read does not need it. */
export async function start(): Promise<void> {
  const { settings, user } = app.get();
  const path = window.location.pathname;
  const wanted = /^\/thread\/([^/]+)/.exec(path)?.[1];
  const isKept = Boolean(settings?.dataPersistence && user);
  if (wanted && wanted !== tab.threadId()) {
    // The page of the conversation opens it.
  } else if (path === '/' && isKept && tab.threadId()) {
    // Conversations have addresses of their own: this one is where a new one begins.
    open(null);
  } else {
    await begin();
  }
  app.set({ phase: 'ready' });
}

async function whoIsThere() {
  try {
    return await api.user();
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && Boolean(app.get().auth?.requireLogin);
}

export async function loadSettings(wanted: string | null): Promise<Settings> {
  const settings = await api.settings(wanted);
  const profiles = settings.chatProfiles;
  const chosen = profiles.find((it) => it.name === wanted) ?? profiles.find((it) => it.default) ?? profiles[0];
  tab.setBot(chosen?.name ?? null);
  app.set({ settings, bot: chosen?.name ?? null });
  suggestHistoryColumn(settings.ui.default_sidebar_state !== 'closed');
  document.title = settings.ui.name;
  return settings;
}

/** Keys that the bot needs and the user has not given. */
export function missingKeys(): string[] {
  const kept = userEnv();
  return (app.get().settings?.userEnv ?? []).filter((key) => !kept[key]);
}

/** Another bot: a new conversation with it. */
export async function switchBot(name: string): Promise<void> {
  await loadSettings(name);
  if (missingKeys().length > 0) {
    disconnect(true);
    return app.set({ phase: 'env' });
  }
  open(null);
}

/** The conversation belongs to another bot than the one that was chosen: the page shows what that one offers. */
export async function followBot(name: string): Promise<void> {
  if (name !== app.get().bot) await loadSettings(name).catch(() => null);
}

/** The server refused the connection: perhaps because the sign-in has run out. */
export async function recheckUser(): Promise<void> {
  if (!app.get().auth?.requireLogin) return;
  try {
    await api.user();
  } catch (error) {
    if (!isSignedOut(error)) return;
    disconnect();
    app.set({ phase: 'login', user: null });
  }
}

export async function signOut(): Promise<void> {
  await api.logout().catch(() => null);
  disconnect(true);
  sessionStorage.clear();
  window.location.assign('/login');
}
