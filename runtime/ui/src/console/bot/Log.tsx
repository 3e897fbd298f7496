import { ArrowDown, Pause, Play } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Bot, Level } from '../api/types';
import { button, card, field } from '../ui/classes';
import { number, plural } from '../ui/format';
import { ProblemNote } from '../ui/ProblemNote';
import { LogRow } from './LogRow';
import { useLog, type Line } from './useLog';

const LEVELS: Level[] = ['trace', 'debug', 'info', 'warn', 'error'];

export function Log({ bot }: { bot: Bot }) {
  const [isPaused, setPaused] = useState(false);
  const [level, setLevel] = useState<Level>('trace');
  const [search, setSearch] = useState('');
  const { lines, waiting, isConnected, problem } = useLog(bot.name, isPaused);
  const shown = useMemo(() => filtered(lines, level, search), [lines, level, search]);
  return (
    <section aria-label="Log" className="space-y-3">
      {problem && <ProblemNote title="The log cannot be followed" problem={problem} />}
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder="Search texts and turns"
          aria-label="Search the log"
          className={`${field} min-w-40 flex-1`}
        />
        <select value={level} onChange={(event) => setLevel(event.target.value as Level)} aria-label="Least level" className={field}>
          {LEVELS.map((one) => <option key={one} value={one}>{one === 'trace' ? 'all levels' : one === 'error' ? 'error' : `${one} and up`}</option>)}
        </select>
        <button type="button" onClick={() => setPaused(!isPaused)} className={button('plain')}>
          {isPaused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
          {isPaused ? 'Follow' : 'Pause'}
        </button>
      </div>
      <Lines lines={shown} name={bot.name} isPaused={isPaused} onSearch={setSearch} />
      <p role="status" className="text-xs text-muted">{state(isConnected, isPaused, waiting, shown.length, lines.length)}</p>
    </section>
  );
}

function Lines(props: { lines: Line[]; name: string; isPaused: boolean; onSearch(text: string): void }) {
  const { lines, name, isPaused, onSearch } = props;
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  useLayoutEffect(() => {
    if (isAtEnd && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, isAtEnd]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? { scrollTop: 0, scrollHeight: 0, clientHeight: 0 };
    setAtEnd(scrollHeight - scrollTop - clientHeight < 24);
  };
  return (
    <div className="relative">
      <div
        ref={box}
        onScroll={onScroll}
        role="log"
        // Read out line by line, a busy log would never let anybody speak.
        aria-live="off"
        aria-label={`Log of ${name}`}
        tabIndex={0}
        className={`${card} h-[60dvh] min-h-64 overflow-y-auto bg-sunken py-2 font-mono text-xs leading-relaxed`}
      >
        {lines.length === 0 && <p className="px-4 py-8 text-center font-sans text-sm text-muted">No lines {isPaused ? 'so far' : 'yet'}. What the bot logs and prints appears here.</p>}
        {lines.map((line) => <LogRow key={line.id} line={line} onTurn={onSearch} />)}
      </div>
      {!isAtEnd && (
        <button type="button" onClick={() => setAtEnd(true)} className={`${button('plain', 'small')} absolute right-4 bottom-3 shadow`}>
          <ArrowDown size={13} aria-hidden />
          To the end
        </button>
      )}
    </div>
  );
}

function filtered(lines: Line[], level: Level, search: string): Line[] {
  const least = LEVELS.indexOf(level);
  const words = search.trim().toLowerCase();
  return lines.filter(
    (line) => LEVELS.indexOf(line.level) >= least && (words === '' || line.text.toLowerCase().includes(words) || line.turn?.startsWith(words)),
  );
}

function state(isConnected: boolean, isPaused: boolean, waiting: number, shown: number, all: number): string {
  const count = shown === all ? plural(all, 'line') : `${number(shown)} of ${plural(all, 'line')}`;
  if (!isConnected) return `${count}. Not connected; trying again…`;
  return isPaused ? `${count}. Paused; ${plural(waiting, 'new line')} waiting.` : `${count}. Following.`;
}
