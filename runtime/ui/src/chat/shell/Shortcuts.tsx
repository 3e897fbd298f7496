import { useEffect } from 'react';

import { Dialog } from '../../shared/ui/Dialog';
import { focusComposer } from '../composer/focus';
import { app, useApp } from '../store/app';
import { chat } from '../store/chat';
import { useNewChat } from './navigation';

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

const SHORTCUTS: [string, string][] = [
  [`${isApple ? '⌘' : 'Ctrl'} + Shift + O`, 'New chat'],
  ['/', 'Write a message'],
  ['Enter', 'Send'],
  ['Shift + Enter', 'New line'],
  ['Esc', 'Close what is open'],
  ['?', 'This list'],
];

export function Shortcuts() {
  const isOpen = useApp((state) => state.isShortcutsOpen);
  const newChat = useNewChat();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.shiftKey && event.key.toLowerCase() === 'o') {
        event.preventDefault();
        newChat();
      }
      if (event.key === 'Escape' && !event.defaultPrevented && !isInDialog(event.target)) chat.set({ panel: null });
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '/') {
        event.preventDefault();
        focusComposer();
      }
      if (event.key === '?') app.set({ isShortcutsOpen: true });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [newChat]);
  return (
    <Dialog open={isOpen} onOpenChange={(open) => app.set({ isShortcutsOpen: open })} title="Keyboard shortcuts" className="max-w-sm">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2.5 text-sm">
        {SHORTCUTS.map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt><kbd className="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-xs">{keys}</kbd></dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role=dialog],[role=menu],[role=listbox]') !== null;
}
