import { toast } from 'sonner';
import { create } from 'zustand';
import { api, ApiError, toProblem } from '../api/client';
import type { Bot, Problem, Uploaded, Version } from '../api/types';
import { upload, type Stage } from '../api/upload';
import { useBots } from '../store/bots';
import { nameOf } from './name';

export const PICKER = 'deploy-file';

export type Phase = 'form' | 'sending' | 'refused' | 'done';

interface DeployStore {
  /** None while nothing is being deployed. */
  file: File | null;
  isOpen: boolean;
  phase: Phase;
  name: string;
  isActivating: boolean;
  /** How much of the file has left, from 0 to 1. */
  share: number;
  /** What the server does now; none while the file is on its way. */
  stage: Stage | null;
  problem: Problem | null;
  uploaded: Uploaded | null;
  /** What answered before. */
  before: Version | null;
  /** When the last swap before this deployment was. */
  swappedAt: string | null;
  /** Opens the browser's dialog for files; the name of the bot, if it is known already. */
  choose(bot?: string): void;
  offer(files: File[]): void;
  setName(name: string): void;
  setActivating(isActivating: boolean): void;
  start(): Promise<void>;
  abort(): void;
  /** Back to the form, to try again. */
  edit(): void;
  close(): void;
}

const idle = { file: null, isOpen: false, phase: 'form' as Phase, share: 0, stage: null, problem: null, uploaded: null, before: null, swappedAt: null };

// Not part of what is shown.
let intended: string | undefined;
let running: { abort(): void } | null = null;

/** The one deployment that this tab makes at a time. */
export const useDeploy = create<DeployStore>((set, get) => ({
  ...idle,
  name: '',
  isActivating: true,
  choose(bot) {
    intended = bot;
    document.getElementById(PICKER)?.click();
  },
  offer(files) {
    const [file, ...others] = files;
    const name = intended;
    intended = undefined;
    if (!file) return;
    if (get().phase === 'sending') return void toast.error('A deployment is under way. Wait until it is over.');
    if (others.length > 0) return void toast.error(`Drop one file at a time: these are ${files.length}.`);
    set({ ...idle, file, isOpen: true, name: name ?? nameOf(file.name), isActivating: true });
  },
  setName: (name) => set({ name }),
  setActivating: (isActivating) => set({ isActivating }),
  async start() {
    const { file, name, isActivating } = get();
    if (!file || get().phase === 'sending') return;
    set({ phase: 'sending', share: 0, stage: null, problem: null });
    try {
      const bot = await botBefore(name);
      const sending = upload(name, file, isActivating, {
        onProgress: (share) => set({ share }),
        onStage: (stage) => set({ share: 1, stage }),
      });
      running = sending;
      const uploaded = await sending.done;
      set({ phase: 'done', uploaded, before: lastAnswering(bot), swappedAt: bot?.swaps?.[0]?.at ?? null });
      if (!get().isOpen) toast.success(`${uploaded.name}: version ${uploaded.version} is stored.`);
      await useBots.getState().load(name);
      await useBots.getState().loadList();
    } catch (error) {
      // The version is stored all the same if only looking at it afterwards failed.
      if (get().phase !== 'sending') return;
      set({ phase: 'refused', problem: toProblem(error) });
      if (!get().isOpen) toast.error(`The deployment of ${name} failed: ${toProblem(error).detail}`);
    }
  },
  abort: () => running?.abort(),
  edit: () => set({ phase: 'form', problem: null, stage: null, share: 0 }),
  close() {
    // What is under way goes on, and says how it ended.
    if (get().phase === 'sending') set({ isOpen: false });
    else set({ ...idle });
  },
}));

async function botBefore(name: string): Promise<Bot | null> {
  try {
    return await api.bot(name);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** What answers, or if all are staged, what came last. */
function lastAnswering(bot: Bot | null): Version | null {
  const active = bot?.versions.find((version) => version.number === bot.active);
  return active ?? bot?.versions.at(-1) ?? null;
}
