import { Ellipsis, Keyboard, LogIn, LogOut, Monitor, Moon, PanelLeft, Share2, SquarePen, Sun } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { setTheme, theme, type Theme } from '../../shared/theme';
import { IconButton } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '../../shared/ui/Menu';
import { signOut } from '../connection/boot';
import { app, useApp, useHasHistory } from '../store/app';
import { useChat } from '../store/chat';
import { useThreads } from '../store/threads';
import { BotPicker } from './BotPicker';

const ShareDialog = lazy(() => import('../history/ShareDialog').then((it) => ({ default: it.ShareDialog })));

interface HeaderProps {
  onNew(): void;
  onHistory(): void;
  isHistoryShown: boolean;
}

export function Header({ onNew, onHistory, isHistoryShown }: HeaderProps) {
  const hasHistory = useHasHistory();
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2 sm:px-3">
      {hasHistory && !isHistoryShown
        ? <IconButton label="Show the conversations" onClick={onHistory}><PanelLeft size={18} /></IconButton> : null}
      <BotPicker />
      <span className="flex-1" />
      <HeaderLinks />
      <ShareButton />
      {isHistoryShown ? null : <IconButton label="New chat" onClick={onNew}><SquarePen size={18} /></IconButton>}
      <UserMenu />
    </header>
  );
}

function HeaderLinks() {
  const links = useApp(({ settings }) => settings?.ui.header_links);
  return (links ?? []).map((link) => (
    <a
      key={link.name} href={link.url} target={link.target ?? '_blank'} rel="noopener noreferrer"
      className="hidden items-center gap-2 rounded-lg px-2 py-1.5 text-sm hover:bg-sunken sm:flex"
    >
      {link.icon_url ? <Icon name={link.icon_url} /> : null}{link.display_name ?? link.name}
    </a>
  ));
}

function ShareButton() {
  const [isOpen, setOpen] = useState(false);
  const threadId = useChat(({ threadId: id, hasBegun }) => (hasBegun ? id : null));
  const isShared = useThreads(({ threads }) => threads.find((it) => it.id === threadId)?.metadata?.is_shared === true);
  const canShare = useApp(({ settings, user }) => Boolean(settings?.threadSharing && user));
  if (!canShare || !threadId) return null;
  return (
    <>
      <IconButton label="Share" onClick={() => setOpen(true)}><Share2 size={18} /></IconButton>
      {isOpen ? <Suspense><ShareDialog threadId={threadId} isShared={isShared} onClose={() => setOpen(false)} /></Suspense> : null}
    </>
  );
}

const THEMES = [
  { value: 'system' as Theme, label: 'As the system', icon: <Monitor size={15} /> },
  { value: 'light' as Theme, label: 'Light', icon: <Sun size={15} /> },
  { value: 'dark' as Theme, label: 'Dark', icon: <Moon size={15} /> },
];

export function UserMenu() {
  const user = useApp((state) => state.user);
  const canSignIn = useApp(({ auth }) => Boolean(auth?.requireLogin));
  const [chosen, setChosen] = useState(theme());
  const name = user?.display_name || user?.identifier;
  const image = user?.metadata?.image;
  return (
    <Menu trigger={(
      <IconButton label={name ? `${name}: menu` : 'Menu'} className="rounded-full">
        <span className="grid size-7 place-items-center overflow-hidden rounded-full bg-accent-soft text-xs font-semibold text-accent">
          {typeof image === 'string' ? <img src={image} alt="" className="size-full object-cover" /> : name ? name.charAt(0).toUpperCase() : <Ellipsis size={15} />}
        </span>
      </IconButton>
    )}
    >
      {name ? <p className="truncate px-2.5 py-1.5 text-sm font-medium">{name}</p> : null}
      <MenuLabel>Look</MenuLabel>
      <MenuChoice label="Look" value={chosen} options={THEMES} onChange={(next) => { setTheme(next); setChosen(next); }} />
      <MenuLine />
      <MenuItem icon={<Keyboard size={15} />} onSelect={() => app.set({ isShortcutsOpen: true })}>Keyboard shortcuts</MenuItem>
      {user ? <MenuItem icon={<LogOut size={15} />} onSelect={() => void signOut()}>Sign out</MenuItem> : null}
      {!user && canSignIn ? <MenuItem icon={<LogIn size={15} />} onSelect={() => window.location.assign('/login')}>Sign in</MenuItem> : null}
    </Menu>
  );
}
