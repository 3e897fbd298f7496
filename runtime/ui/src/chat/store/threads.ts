import { create } from 'zustand';
import { toast } from 'sonner';

import { api, words } from '../api';
import type { Thread } from '../types';

interface ThreadsState {
  threads: Thread[];
  search: string;
  cursor: string | null;
  hasMore: boolean;
  isLoading: boolean;
  problem: string | null;
}

export const useThreads = create<ThreadsState>()(() => ({
  threads: [], search: '', cursor: null, hasMore: false, isLoading: false, problem: null,
}));

const { getState: get, setState: set } = useThreads;
let asked = 0;

/** Fetches the first page anew. */
export async function refreshThreads(search = get().search): Promise<void> {
  set({ search });
  await load(null, search);
}

export async function moreThreads(): Promise<void> {
  const { cursor, hasMore, isLoading, search } = get();
  if (hasMore && !isLoading) await load(cursor, search);
}

async function load(cursor: string | null, search: string): Promise<void> {
  const mine = ++asked;
  set({ isLoading: true, problem: null });
  try {
    const page = await api.threads(cursor, search);
    // Somebody typed on.
    if (mine !== asked) return;
    const known = cursor ? get().threads : [];
    const ids = new Set(known.map((thread) => thread.id));
    const threads = [...known, ...page.data.filter((thread) => !ids.has(thread.id))];
    set({ threads, cursor: page.pageInfo.endCursor, hasMore: page.pageInfo.hasNextPage, isLoading: false });
  } catch (error) {
    if (mine === asked) set({ isLoading: false, problem: words(error) });
  }
}

function change(id: string, edit: (thread: Thread) => Thread | null): void {
  set({ threads: get().threads.flatMap((thread) => (thread.id === id ? (edit(thread) ?? []) : thread)) });
}

export async function renameThread(id: string, name: string): Promise<void> {
  await guarded(() => api.renameThread(id, name), () => change(id, (thread) => ({ ...thread, name })));
}

export async function removeThread(id: string): Promise<boolean> {
  return guarded(() => api.deleteThread(id), () => change(id, () => null));
}

export async function shareThread(id: string, isShared: boolean): Promise<boolean> {
  return guarded(
    () => api.shareThread(id, isShared),
    () => change(id, (thread) => ({ ...thread, metadata: { ...thread.metadata, is_shared: isShared } })),
  );
}

async function guarded(ask: () => Promise<unknown>, then: () => void): Promise<boolean> {
  try {
    await ask();
    then();
    return true;
  } catch (error) {
    toast.error(words(error));
    return false;
  }
}
