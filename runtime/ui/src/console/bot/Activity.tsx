import { useMemo } from 'react';
import type { Bot } from '../api/types';
import { Chart } from '../charts/Chart';
import type { Series } from '../charts/plot';
import { derive, type Derived, QUANTILE_MS, RATE_MS } from '../store/derive';
import { seriesKey, useStats, type Sample } from '../store/stats';
import { bytes, number, seconds } from '../ui/format';
import { ProblemNote } from '../ui/ProblemNote';
import { Swaps } from './Swaps';

/** More lines than these nobody tells apart. */
const MAX_VERSIONS = 4;
const DASHES: Record<string, number[] | undefined> = { p50: undefined, p95: [6, 3], p99: [2, 3] };

type Lines = { version: number; derived: Derived }[];

/** What the bot does, version by version. */
export function Activity({ bot }: { bot: Bot }) {
  const { samples, problem } = useStats();
  const times = useMemo(() => samples.map(({ at }) => at), [samples]);
  const lines = useMemo(() => linesOf(samples, bot.name, bot.active), [samples, bot.name, bot.active]);
  const marks = useMemo(() => (bot.swaps ?? []).map(({ at, to }) => ({ at: Date.parse(at), label: `v${to}` })), [bot.swaps]);
  const of = (measure: keyof Derived): Series[] =>
    lines.map(({ version, derived }) => ({ label: `v${version}`, points: derived[measure], colour: version - 1 }));
  const common = { times, marks };
  return (
    <div className="space-y-8">
      {problem && <ProblemNote title="The numbers are not fresh" problem={problem} />}
      <div className="grid gap-4 lg:grid-cols-2">
        <Chart title="Turns a second" note={`over ${RATE_MS / 1_000} s`} series={of('turns')} format={number} {...common} />
        <Chart title="Duration of turns" note={`over ${QUANTILE_MS / 1_000} s`} series={latency(lines)} format={seconds} {...common} />
        <Chart title="Errors a second" note={`over ${RATE_MS / 1_000} s`} series={of('errors')} format={number} {...common} />
        <Chart title="Emits a second" note={`over ${RATE_MS / 1_000} s`} series={of('emits')} format={number} {...common} />
        <Chart title="Memory of a turn" note={`mean over ${QUANTILE_MS / 1_000} s`} series={of('memory')} format={bytes} {...common} />
      </div>
      <p className="text-sm text-muted">
        The charts begin when this page is opened and go back at most 15 minutes. Upright lines are swaps.
      </p>
      <Swaps swaps={bot.swaps ?? []} />
    </div>
  );
}

function latency(lines: Lines): Series[] {
  const quantiles = ['p50', 'p95', 'p99'] as const;
  return lines.flatMap(({ version, derived }) =>
    quantiles.map((quantile) => ({ label: `v${version} ${quantile}`, points: derived[quantile], colour: version - 1, dash: DASHES[quantile] })),
  );
}

/** The active version, and the latest others that did something while somebody looked. */
function linesOf(samples: Sample[], bot: string, active: number | null): Lines {
  const last = [...(samples.at(-1)?.versions.values() ?? [])].filter((stats) => stats.bot === bot);
  const before = (version: number) => samples[0]?.versions.get(seriesKey(bot, version))?.turns ?? 0;
  const busy = last.filter(({ version, turns }) => version !== active && turns > before(version)).map(({ version }) => version);
  const known = last.some(({ version }) => version === active) && active !== null ? [active] : [];
  const chosen = [...known, ...busy.sort((a, b) => b - a)].slice(0, MAX_VERSIONS).sort((a, b) => a - b);
  return chosen.map((version) => ({ version, derived: derive(samples, seriesKey(bot, version)) }));
}
