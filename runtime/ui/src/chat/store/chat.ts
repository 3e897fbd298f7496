import { create } from 'zustand';

import type { Action, Ask, Dict, Element, Step, Widget, WidgetTab } from '../protocol';
import type { Command, Mode } from '../types';
import { noSteps, type Steps } from './steps';

/** How the page stands with the server. */
export type Link = 'off' | 'connecting' | 'up' | 'down' | 'refused';

export interface Sidebar {
  title: string;
  elements: Element[];
  key: string | null;
}

/** What is beside the conversation: one element that somebody opened, or what the bot put there. */
export type Panel = { kind: 'element'; id: string } | { kind: 'sidebar' } | null;

/** One conversation, as the server has told it. */
export interface ChatState {
  link: Link;
  sessionId: string;
  threadId: string | null;
  /** Whether the user has done something in this conversation. */
  hasBegun: boolean;
  /** Whether a kept thread is being fetched. */
  isOpening: boolean;
  isWorking: boolean;
  steps: Steps;
  elements: Record<string, Element>;
  taskList: Element | null;
  actions: Action[];
  ask: Ask | null;
  widgets: (Widget | WidgetTab)[];
  settings: Dict;
  commands: Command[];
  modes: Mode[];
  favorites: Step[];
  sidebar: Sidebar | null;
  panel: Panel;
  tokens: number;
  /** Messages that the server has not confirmed, with the files that go with them. */
  unsent: Record<string, { id: string }[]>;
}

export const emptyChat: Omit<ChatState, 'link' | 'sessionId' | 'favorites'> = {
  threadId: null,
  hasBegun: false,
  isOpening: false,
  isWorking: false,
  steps: noSteps,
  elements: {},
  taskList: null,
  actions: [],
  ask: null,
  widgets: [],
  settings: {},
  commands: [],
  modes: [],
  sidebar: null,
  panel: null,
  tokens: 0,
  unsent: {},
};

export const useChat = create<ChatState>()(() => ({ ...emptyChat, link: 'off', sessionId: '', favorites: [] }));

export const chat = {
  get: useChat.getState,
  set: (change: Partial<ChatState>) => useChat.setState(change),
};

export function isTab(widget: Widget | WidgetTab): widget is WidgetTab {
  return 'inputs' in widget;
}

/** The values that a panel of settings shows at first. */
export function initialValues(widgets: (Widget | WidgetTab)[]): Dict {
  const flat = widgets.flatMap((widget) => (isTab(widget) ? widget.inputs : [widget]));
  return Object.fromEntries(flat.map((widget) => [widget.id, widget.initial ?? null]));
}
