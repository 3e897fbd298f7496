import { create } from 'zustand';

import type { AuthConfig, Profile, Settings, User } from '../types';

/** What is true of the page as a whole, whatever is said in it. */
export interface AppState {
  phase: 'loading' | 'login' | 'env' | 'ready' | 'failed';
  problem: string | null;
  auth: AuthConfig | null;
  user: User | null;
  settings: Settings | null;
  /** The bot that is talked to. */
  bot: string | null;
  isSettingsOpen: boolean;
  isShortcutsOpen: boolean;
  /** The drawer of phones. */
  isHistoryOpen: boolean;
  /** The column of wide windows. */
  hasHistoryColumn: boolean;
}

const COLUMN = 'chinwag-history';

export const useApp = create<AppState>()(() => ({
  phase: 'loading',
  problem: null,
  auth: null,
  user: null,
  settings: null,
  bot: null,
  isSettingsOpen: false,
  isShortcutsOpen: false,
  isHistoryOpen: false,
  hasHistoryColumn: localStorage.getItem(COLUMN) !== 'closed',
}));

export const app = {
  get: useApp.getState,
  set: (change: Partial<AppState>) => useApp.setState(change),
};

export function setHistoryColumn(isOpen: boolean): void {
  localStorage.setItem(COLUMN, isOpen ? 'open' : 'closed');
  app.set({ hasHistoryColumn: isOpen });
}

export function useProfile(): Profile | null {
  return useApp(({ settings, bot }) => settings?.chatProfiles.find((it) => it.name === bot) ?? null);
}

/** The bot says whether the column is there, until the user does. */
export function suggestHistoryColumn(isOpen: boolean): void {
  if (localStorage.getItem(COLUMN) === null) app.set({ hasHistoryColumn: isOpen });
}

/** Whether conversations can be found again. */
export function useHasHistory(): boolean {
  return useApp(({ settings, user }) => Boolean(settings?.dataPersistence && user));
}
