import { Search, SquarePen, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { dayOf } from '../../shared/time';
import { Button, IconButton } from '../../shared/ui/Button';
import { useChat } from '../store/chat';
import { moreThreads, refreshThreads, useThreads } from '../store/threads';
import type { Thread } from '../types';
import { ThreadRow } from './ThreadRow';

interface HistoryProps {
  onOpen(thread: Thread): void;
  onNew(): void;
  /** Takes the column away. */
  onClose(): void;
  /** The conversation that is open was deleted. */
  onGone(): void;
}

/** The user's conversations, newest first. */
export function History({ onOpen, onNew, onClose, onGone }: HistoryProps) {
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-14 shrink-0 items-center gap-2 px-3">
        <h2 className="flex-1 pl-1 text-sm font-semibold">Conversations</h2>
        <IconButton label="New chat" onClick={onNew}><SquarePen size={18} /></IconButton>
        <IconButton label="Hide the conversations" onClick={onClose}><X size={18} /></IconButton>
      </div>
      <SearchField />
      <List onOpen={onOpen} onGone={onGone} />
    </div>
  );
}

function SearchField() {
  const search = useThreads((state) => state.search);
  const [text, setText] = useState(search);
  useEffect(() => {
    if (text === search) return;
    const timer = setTimeout(() => void refreshThreads(text), 250);
    return () => clearTimeout(timer);
  }, [text, search]);
  return (
    <div className="relative mx-3 mb-2 shrink-0">
      <Search size={15} aria-hidden className="absolute top-1/2 left-3 -translate-y-1/2 text-muted" />
      <input
        type="search" value={text} onChange={(event) => setText(event.target.value)} aria-label="Search conversations" placeholder="Search"
        className="h-9 w-full rounded-lg border border-line bg-raised pr-2 pl-9 text-sm placeholder:text-muted"
      />
    </div>
  );
}

function List({ onOpen, onGone }: Pick<HistoryProps, 'onOpen' | 'onGone'>) {
  const { threads, isLoading, hasMore, problem, search } = useThreads();
  const current = useChat((state) => state.threadId);
  useEffect(() => void refreshThreads(), []);
  const days = group(threads);
  return (
    <nav aria-label="Conversations" className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
      {days.map(([day, list]) => (
        <section key={day} className="mb-3">
          <h3 className="px-2 py-1.5 text-xs font-medium text-muted">{day}</h3>
          <ul className="flex flex-col gap-0.5">
            {list.map((thread) => (
              <ThreadRow key={thread.id} thread={thread} isCurrent={thread.id === current} onOpen={() => onOpen(thread)} onGone={onGone} />
            ))}
          </ul>
        </section>
      ))}
      {problem ? (
        <p role="alert" className="px-2 py-3 text-sm text-bad">{problem} <Button className="mt-2" onClick={() => void refreshThreads()}>Try again</Button></p>
      ) : null}
      {!isLoading && !problem && threads.length === 0
        ? <p className="px-2 py-6 text-center text-sm text-muted">{search ? 'Nothing found' : 'No conversations yet'}</p> : null}
      {isLoading && threads.length === 0 ? <Skeleton /> : null}
      {hasMore ? <More key={threads.length} /> : null}
    </nav>
  );
}

function Skeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-2">
      {[70, 55, 80, 60].map((width) => <span key={width} className="h-4 animate-pulse rounded bg-line" style={{ width: `${width}%` }} />)}
    </div>
  );
}

/** Fetches the next page when it comes into view. */
function More() {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && void moreThreads());
    if (end.current) watch.observe(end.current);
    return () => watch.disconnect();
  }, []);
  return <div ref={end} role="status" className="py-3 text-center text-xs text-muted">Loading more…</div>;
}

function group(threads: Thread[]): [string, Thread[]][] {
  const days = new Map<string, Thread[]>();
  for (const thread of threads) {
    const day = dayOf(thread.createdAt);
    days.set(day, [...(days.get(day) ?? []), thread]);
  }
  return [...days];
}
