import { useEffect, useRef } from 'react';

import { Icon } from '../../shared/ui/Icon';
import type { Command } from '../types';

interface CommandMenuProps {
  id: string;
  commands: Command[];
  active: number;
  onPick(command: Command): void;
}

/** What can be chosen after a slash; the text field keeps the focus. */
export function CommandMenu({ id, commands, active, onPick }: CommandMenuProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <ul
      ref={list} id={id} role="listbox" aria-label="Commands"
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-64 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-lg"
    >
      {commands.map((command, at) => (
        <li
          key={command.id} id={`${id}-${at}`} role="option" aria-selected={at === active}
          // Before the text field loses its focus.
          onMouseDown={(event) => { event.preventDefault(); onPick(command); }}
          className={`flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-sm ${at === active ? 'bg-sunken' : ''}`}
        >
          {command.icon ? <Icon name={command.icon} /> : null}
          <span className="font-medium">{command.id}</span>
          <span className="min-w-0 truncate text-muted">{command.description}</span>
        </li>
      ))}
    </ul>
  );
}

/** The commands that what is typed means; none if it is no command. */
export function matching(commands: Command[], text: string): Command[] {
  const typed = /^\/(\S*)$/.exec(text)?.[1];
  if (typed === undefined) return [];
  return commands.filter((it) => it.id.toLowerCase().startsWith(typed.toLowerCase()));
}
