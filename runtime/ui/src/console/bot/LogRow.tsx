import { memo } from 'react';
import type { Level } from '../api/types';
import { clock, dateTime } from '../ui/format';
import type { Line } from './useLog';

const looks: Record<Level, string> = {
  trace: 'text-muted',
  debug: 'text-muted',
  info: 'text-accent',
  warn: 'text-warn',
  error: 'text-bad',
};

/** One line; a click on its turn finds the others of that turn. */
export const LogRow = memo(function LogRow({ line, onTurn }: { line: Line; onTurn(turn: string): void }) {
  const { at, level, version, turn, text } = line;
  return (
    // Lines out of sight cost nothing: there may be two thousand.
    <div className="flex flex-wrap gap-x-2.5 px-4 py-0.5 [contain-intrinsic-size:auto_1.5rem] [content-visibility:auto] hover:bg-raised sm:flex-nowrap">
      <time dateTime={at} title={dateTime(at)} className="shrink-0 text-muted">{clock(at)}</time>
      <span className={`w-10 shrink-0 font-semibold ${looks[level]}`}>{level}</span>
      <span className="w-8 shrink-0 text-muted" title={`Version ${version}`}>v{version}</span>
      {turn ? (
        <button type="button" onClick={() => onTurn(turn)} title={`Turn ${turn}`} aria-label={`Lines of turn ${turn.slice(0, 8)}`} className="w-16 shrink-0 self-start rounded text-left text-muted hover:underline">
          {turn.slice(0, 8)}
        </button>
      ) : (
        <span className="w-16 shrink-0 text-muted" title="No turn: the version was rehearsed">–</span>
      )}
      <span className="w-full min-w-0 break-words whitespace-pre-wrap sm:w-auto">{text}</span>
    </div>
  );
});
