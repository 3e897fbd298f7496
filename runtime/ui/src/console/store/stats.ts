import { create } from 'zustand';
import { api, toProblem } from '../api/client';
import type { Problem, ServerStats, Stats, VersionStats } from '../api/types';

export const POLL_MS = 2_000;
const KEEP_MS = 15 * 60_000;
/** Two samples that are closer than this say the same: a page that is shown again asks at once. */
const SAME_MS = 500;

/** The counters at one moment. */
export interface Sample {
  at: number;
  server: ServerStats;
  versions: Map<string, VersionStats>;
}

interface StatsStore {
  /** Oldest first, of the last fifteen minutes, all of one run of the server. */
  samples: Sample[];
  problem: Problem | null;
  load(): Promise<void>;
}

export const seriesKey = (bot: string, version: number) => `${bot}@${version}`;

export const useStats = create<StatsStore>((set, get) => ({
  samples: [],
  problem: null,
  async load() {
    try {
      const sample = sampleOf(await api.stats());
      set({ samples: append(get().samples, sample), problem: null });
    } catch (error) {
      set({ problem: toProblem(error) });
    }
  },
}));

function sampleOf({ at, server, versions }: Stats): Sample {
  const keyed = versions.map((version) => [seriesKey(version.bot, version.version), version] as const);
  return { at: Date.parse(at), server, versions: new Map(keyed) };
}

function append(samples: Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  // A server that was started again counts from zero.
  if (last && last.server.started_at !== sample.server.started_at) return [sample];
  return [...samples.filter((old) => old.at > sample.at - KEEP_MS && old.at < sample.at - SAME_MS), sample];
}
