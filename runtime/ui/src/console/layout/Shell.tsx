import { Activity, Bot, LogOut, MessageSquare, Server, Upload, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { useDeploy } from '../deploy/store';
import { POLL_MS, useStats } from '../store/stats';
import { usePoll } from '../store/poll';
import { useToken } from '../store/token';
import { button } from '../ui/classes';
import { ThemeMenu } from './ThemeMenu';

const places: { to: string; label: string; icon: LucideIcon }[] = [
  { to: '/', label: 'Bots', icon: Bot },
  { to: '/sessions', label: 'Sessions', icon: Activity },
  { to: '/server', label: 'Server', icon: Server },
];

/** What stands around every page; and what keeps counting while any of them is open. */
export function Shell(props: { children: ReactNode }) {
  usePoll(useStats.getState().load, POLL_MS);
  return (
    <div className="min-h-dvh">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-3">
        Skip to the content
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-page/95 backdrop-blur">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-2 px-4 sm:h-14 sm:flex-nowrap sm:px-6">
          <Link to="/" className="flex h-13 items-center gap-2 rounded font-semibold tracking-tight">
            <Mark />
            <span>
              Chinwag <span className="hidden font-normal text-muted sm:inline">console</span>
            </span>
          </Link>
          <Places />
          <Tools />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-6xl px-4 pt-6 pb-20 outline-none sm:px-6 sm:pt-8">
        {props.children}
      </main>
    </div>
  );
}

function Places() {
  const { pathname } = useLocation();
  const look = 'flex items-center gap-2 rounded-lg px-3 py-1.5 text-sm transition-colors ';
  // A bot's page belongs to the bots.
  const isHere = (to: string) => (to === '/' ? pathname === '/' || pathname.startsWith('/bots') : pathname === to);
  return (
    <nav aria-label="Console" className="order-last -mx-1 flex w-full gap-1 pb-2 sm:order-none sm:mx-0 sm:ml-4 sm:w-auto sm:pb-0">
      {places.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          aria-current={isHere(to) ? 'page' : undefined}
          className={look + (isHere(to) ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-sunken hover:text-ink')}
        >
          <Icon size={15} aria-hidden />
          {label}
        </Link>
      ))}
    </nav>
  );
}

function Tools() {
  const signOut = useToken((store) => store.signOut);
  return (
    <div className="ml-auto flex items-center gap-1">
      <button type="button" onClick={() => useDeploy.getState().choose()} className={button('primary', 'small')} aria-label="Deploy a bot">
        <Upload size={14} aria-hidden />
        Deploy
      </button>
      <a href="/" className={button('quiet', 'icon')} aria-label="Back to the chat" title="Back to the chat">
        <MessageSquare size={17} aria-hidden />
      </a>
      <ThemeMenu />
      <button type="button" onClick={() => signOut()} className={button('quiet', 'icon')} aria-label="Sign out" title="Sign out">
        <LogOut size={17} aria-hidden />
      </button>
    </div>
  );
}

export function Mark() {
  return (
    <svg viewBox="0 0 24 24" className="size-6" aria-hidden>
      <path d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z" fill="var(--accent)" />
      <path d="M6.5 9.2 8.4 14l1.8-4h.1l1.8 4L14 9.2" fill="none" stroke="var(--on-accent)" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="17" cy="12.8" r="1.3" fill="var(--on-accent)" />
    </svg>
  );
}
