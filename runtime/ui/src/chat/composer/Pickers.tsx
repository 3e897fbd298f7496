import { ChevronDown, Star, X } from 'lucide-react';

import { Button, IconButton } from '../../shared/ui/Button';
import { Icon } from '../../shared/ui/Icon';
import { Menu, MenuChoice, MenuItem, MenuLabel } from '../../shared/ui/Menu';
import { useChat } from '../store/chat';
import type { Command, Mode } from '../types';

/** The option that a mode starts with. */
export function defaultOf(mode: Mode): string {
  return (mode.options.find((it) => it.default) ?? mode.options[0])?.id ?? '';
}

interface ModePickersProps {
  modes: Mode[];
  chosen: Record<string, string>;
  onChoose(mode: string, option: string): void;
}

export function ModePickers({ modes, chosen, onChoose }: ModePickersProps) {
  return modes.map((mode) => {
    const value = chosen[mode.id] ?? defaultOf(mode);
    const option = mode.options.find((it) => it.id === value);
    return (
      <Menu
        key={mode.id} align="start" side="top"
        trigger={(
          <Button kind="plain" aria-label={`${mode.name}: ${option?.name ?? ''}`} className="max-w-40 px-2 text-muted">
            {option?.icon ? <Icon name={option.icon} /> : null}
            <span className="truncate">{option?.name ?? mode.name}</span>
            <ChevronDown size={14} aria-hidden className="shrink-0" />
          </Button>
        )}
      >
        <MenuLabel>{mode.name}</MenuLabel>
        <MenuChoice
          label={mode.name} value={value} onChange={(id) => onChoose(mode.id, id)}
          options={mode.options.map((it) => ({
            value: it.id,
            icon: it.icon ? <Icon name={it.icon} /> : undefined,
            label: <>{it.name}{it.description ? <span className="block text-xs text-muted">{it.description}</span> : null}</>,
          }))}
        />
      </Menu>
    );
  });
}

interface CommandButtonsProps {
  commands: Command[];
  chosen: Command | null;
  onChoose(command: Command | null): void;
}

/** Commands that have a button of their own, and the one that is chosen. */
export function CommandButtons({ commands, chosen, onChoose }: CommandButtonsProps) {
  const buttons = commands.filter((it) => it.button);
  const isOther = chosen && !chosen.button;
  return (
    <>
      {buttons.map((command) => {
        const isOn = chosen?.id === command.id;
        return (
          <Button
            key={command.id} kind="plain" aria-pressed={isOn} title={command.description}
            className={`px-2 ${isOn ? 'bg-accent-soft text-accent' : 'text-muted'}`} onClick={() => onChoose(isOn ? null : command)}
          >
            {command.icon ? <Icon name={command.icon} /> : null}{command.id}
          </Button>
        );
      })}
      {isOther
        ? (
          <span className="flex items-center gap-1 rounded-lg bg-accent-soft pl-2.5 text-sm font-medium text-accent">
            {chosen.icon ? <Icon name={chosen.icon} /> : null}{chosen.id}
            <IconButton small side="top" label={`Do not use ${chosen.id}`} className="hover:bg-transparent" onClick={() => onChoose(null)}><X size={14} /></IconButton>
          </span>
        ) : null}
    </>
  );
}

/** Messages that the user has marked, to be said again. */
export function FavoritesMenu({ onPick }: { onPick(text: string): void }) {
  const favorites = useChat((state) => state.favorites);
  if (favorites.length === 0) return null;
  return (
    <Menu align="start" side="top" className="w-80" onCloseAutoFocus={(event) => event.preventDefault()} trigger={<IconButton label="Favourites" side="top"><Star size={18} /></IconButton>}>
      <MenuLabel>Favourites</MenuLabel>
      {favorites.map((step) => (
        <MenuItem key={step.id} onSelect={() => onPick(step.output)}><span className="line-clamp-2">{step.output}</span></MenuItem>
      ))}
    </Menu>
  );
}
