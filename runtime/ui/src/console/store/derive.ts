import type { Bucket, VersionStats } from '../api/types';
import type { Sample } from './stats';

/** Over how long rates are taken: single polls are too short to be steady. */
export const RATE_MS = 10_000;
/** Over how long quantiles are taken. */
export const QUANTILE_MS = 30_000;
/** Samples further apart than this were not taken one after the other: nobody looked in between. */
const GAP_MS = 12_000;

export type Point = number | null;

/** The numbers of one version at each sample. */
export interface Derived {
  turns: Point[];
  errors: Point[];
  emits: Point[];
  p50: Point[];
  p95: Point[];
  p99: Point[];
  memory: Point[];
}

const ZERO: VersionStats = {
  bot: '', version: 0, turns: 0, failures: 0, emits: 0, denials: 0,
  seconds: { sum: 0, count: 0, buckets: [] },
  memory: { sum: 0, count: 0, max: 0 },
};

export function derive(samples: Sample[], key: string): Derived {
  const derived: Derived = { turns: [], errors: [], emits: [], p50: [], p95: [], p99: [], memory: [] };
  samples.forEach((sample, index) => {
    const now = sample.versions.get(key);
    const rate = before(samples, index, RATE_MS);
    const wide = before(samples, index, QUANTILE_MS);
    const at = (from: Sample | null) => from?.versions.get(key) ?? ZERO;
    const perSecond = (of: (stats: VersionStats) => number) =>
      now && rate ? Math.max(0, of(now) - of(at(rate))) / ((sample.at - rate.at) / 1_000) : null;
    derived.turns.push(perSecond((stats) => stats.turns));
    derived.errors.push(perSecond((stats) => stats.failures));
    derived.emits.push(perSecond((stats) => stats.emits));
    const buckets = now && wide ? difference(now.seconds.buckets, at(wide).seconds.buckets) : [];
    derived.p50.push(quantile(buckets, 0.5));
    derived.p95.push(quantile(buckets, 0.95));
    derived.p99.push(quantile(buckets, 0.99));
    derived.memory.push(now && wide ? mean(now.memory, at(wide).memory) : null);
  });
  return derived;
}

/** Turns in a second of all versions of a bot together, for small pictures. */
export function botRate(samples: Sample[], bot: string): Point[] {
  const total = (sample: Sample) =>
    [...sample.versions.values()].reduce((sum, stats) => (stats.bot === bot ? sum + stats.turns : sum), 0);
  const totals = samples.map(total);
  return samples.map((sample, index) => {
    const from = beforeIndex(samples, index, RATE_MS);
    if (from === null) return null;
    const seconds = (sample.at - (samples[from]?.at ?? 0)) / 1_000;
    return Math.max(0, (totals[index] ?? 0) - (totals[from] ?? 0)) / seconds;
  });
}

/** The oldest sample that is at most `ms` older, with no gap in between; none for the first of a run. */
function before(samples: Sample[], index: number, ms: number): Sample | null {
  const found = beforeIndex(samples, index, ms);
  return found === null ? null : (samples[found] ?? null);
}

function beforeIndex(samples: Sample[], index: number, ms: number): number | null {
  const at = (n: number) => samples[n]?.at ?? 0;
  let found = index;
  while (found > 0 && at(found) - at(found - 1) <= GAP_MS && at(index) - at(found - 1) <= ms + 500) found -= 1;
  return found === index ? null : found;
}

function difference(now: Bucket[], then: Bucket[]): Bucket[] {
  const counts = new Map(then.map(({ le, count }) => [le, count]));
  return now.map(({ le, count }) => ({ le, count: Math.max(0, count - (counts.get(le) ?? 0)) }));
}

function mean(now: VersionStats['memory'], then: VersionStats['memory']): Point {
  const count = now.count - then.count;
  return count > 0 ? (now.sum - then.sum) / count : null;
}

/** Interpolates between the bounds of the bucket in which the quantile lies, as Prometheus does. */
export function quantile(buckets: Bucket[], share: number): Point {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return null;
  const rank = share * total;
  let lower = 0;
  let below = 0;
  for (const { le, count } of buckets) {
    // Beyond the last bound nothing is known but the bound.
    if (le === null) return lower;
    if (count >= rank) return lower + ((le - lower) * (rank - below)) / Math.max(1, count - below);
    lower = le;
    below = count;
  }
  return lower;
}
