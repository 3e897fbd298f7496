import { create } from 'zustand';

const KEY = 'chinwag-admin-token';

interface TokenStore {
  token: string | null;
  /** Why somebody who was signed in is so no more. */
  notice: string | null;
  signIn(token: string): void;
  signOut(notice?: string): void;
}

/** The admin token, for as long as the tab is open. */
export const useToken = create<TokenStore>((set) => ({
  token: sessionStorage.getItem(KEY),
  notice: null,
  signIn(token) {
    sessionStorage.setItem(KEY, token);
    set({ token, notice: null });
  },
  signOut(notice) {
    sessionStorage.removeItem(KEY);
    set({ token: null, notice: notice ?? null });
  },
}));
