import { create } from 'zustand';
import { api, toProblem } from '../api/client';
import type { Bot, BotSummary, Problem } from '../api/types';

interface BotsStore {
  /** None until the first answer. */
  list: BotSummary[] | null;
  details: Record<string, Bot>;
  /** Why the last question for the list failed. */
  problem: Problem | null;
  loadList(): Promise<void>;
  load(name: string): Promise<Bot>;
  /** Takes in what the server answered to a change. */
  accept(bot: Bot): void;
  forget(name: string): void;
}

/** What is deployed, as the server last told it. */
export const useBots = create<BotsStore>((set, get) => ({
  list: null,
  details: {},
  problem: null,
  async loadList() {
    try {
      set({ list: await api.bots(), problem: null });
    } catch (error) {
      set({ problem: toProblem(error) });
    }
  },
  async load(name) {
    const bot = await api.bot(name);
    get().accept(bot);
    return bot;
  },
  accept(bot) {
    // Answers to changes do not count turns.
    const counters = bot.counters ?? get().details[bot.name]?.counters;
    set(({ details }) => ({ details: { ...details, [bot.name]: { ...bot, counters } } }));
  },
  forget(name) {
    set(({ list, details: { [name]: _, ...details } }) => ({
      list: list?.filter((bot) => bot.name !== name) ?? null,
      details,
    }));
  },
}));
