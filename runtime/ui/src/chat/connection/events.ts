import type { Action, AskSpec, Dict, Element, Json, Step, Widget, WidgetTab } from '../protocol';
import type { Draft } from '../store/batch';
import { initialValues } from '../store/chat';
import { stepsOf } from '../store/steps';
import type { Command, Mode, Thread } from '../types';

/** What the server says, by event. Acknowledged events are in `socket.ts`. */
export interface ServerEvents {
  task_start: unknown;
  task_end: unknown;
  first_interaction: { interaction: string; thread_id: string };
  new_message: Step;
  update_message: Step;
  delete_message: { id: string };
  stream_start: Step;
  stream_token: { id: string; token: string; isSequence: boolean; isInput: boolean };
  ask_timeout: unknown;
  clear_ask: unknown;
  element: Element;
  remove_element: { id: string };
  action: Action;
  remove_action: { id: string };
  resume_thread: Thread;
  chat_settings: (Widget | WidgetTab)[];
  set_commands: Command[];
  set_modes: Mode[];
  set_favorites: Step[];
  set_sidebar_title: string;
  set_sidebar_elements: { elements: Element[]; key: string | null };
  token_usage: number;
}

type Reducers = { [K in keyof ServerEvents]: (draft: Draft, said: ServerEvents[K]) => void };

export const reducers: Reducers = {
  task_start: ({ state }) => { state.isWorking = true; },
  task_end: ({ state }) => { state.isWorking = false; },
  first_interaction: ({ state }, { thread_id }) => {
    state.hasBegun = true;
    state.threadId = thread_id;
    state.isOpening = false;
  },
  new_message: ({ steps }, step) => steps.upsert(step),
  update_message: ({ steps }, step) => steps.update(step.id, step),
  delete_message: ({ steps }, { id }) => steps.remove(id),
  stream_start: ({ steps }, step) => steps.upsert({ ...step, streaming: true }),
  stream_token: ({ steps }, { id, token, isSequence, isInput }) => steps.token(id, token, isSequence, isInput),
  ask_timeout: ({ state }) => { state.ask = null; state.isWorking = false; },
  clear_ask: ({ state }) => { state.ask = null; },
  element: putElement,
  remove_element: ({ state }, { id }) => {
    const { [id]: _gone, ...rest } = state.elements;
    state.elements = rest;
    if (state.taskList?.id === id) state.taskList = null;
    if (state.panel?.kind === 'element' && state.panel.id === id) state.panel = null;
  },
  action: ({ state }, action) => {
    state.actions = [...state.actions.filter((it) => it.id !== action.id), action];
  },
  remove_action: ({ state }, { id }) => { state.actions = state.actions.filter((it) => it.id !== id); },
  resume_thread: resume,
  chat_settings: ({ state }, widgets) => {
    state.widgets = widgets;
    state.settings = initialValues(widgets);
  },
  set_commands: ({ state }, commands) => { state.commands = commands; },
  set_modes: ({ state }, modes) => { state.modes = modes; },
  set_favorites: ({ state }, favorites) => { state.favorites = favorites; },
  set_sidebar_title: ({ state }, title) => {
    state.sidebar = { elements: [], key: null, ...state.sidebar, title };
    state.panel = { kind: 'sidebar' };
  },
  set_sidebar_elements: ({ state }, { elements, key }) => {
    if (elements.length === 0) {
      state.sidebar = null;
      if (state.panel?.kind === 'sidebar') state.panel = null;
      return;
    }
    // The same key means the same content: whoever closed it keeps it closed.
    if (key !== null && state.sidebar?.key === key && state.sidebar.elements.length > 0) return;
    const found = elements.map((element) => located(element, state.sessionId));
    state.sidebar = { title: state.sidebar?.title ?? '', elements: found, key };
    state.panel = { kind: 'sidebar' };
  },
  token_usage: ({ state }, tokens) => { state.tokens += tokens; },
};

function putElement({ state }: Draft, said: Element): void {
  const element = located(said, state.sessionId);
  if (element.type === 'tasklist') {
    state.taskList = element;
    return;
  }
  const isNew = !(element.id in state.elements);
  state.elements = { ...state.elements, [element.id]: element };
  if (isNew && element.display === 'side' && element.forId) state.panel = { kind: 'element', id: element.id };
}

/** The element with the address of its content. */
export function located(element: Element, sessionId: string): Element {
  if (element.url || !element.chainlitKey) return element;
  return { ...element, url: `/project/file/${element.chainlitKey}?session_id=${sessionId}` };
}

function resume(draft: Draft, thread: Thread): void {
  const { state } = draft;
  const elements = (thread.elements ?? []).filter((it) => it.url || it.type === 'custom');
  const kept = stepsOf(thread.steps);
  // What the user typed and the server has not confirmed must not vanish.
  const unsent = Object.keys(state.unsent).map((id) => draft.steps.get(id)).filter((step) => step !== undefined);
  for (const id of Object.keys(state.steps.byId)) draft.steps.remove(id);
  for (const id of kept.order) draft.steps.upsert(kept.byId[id]!);
  for (const step of unsent) if (!draft.steps.has(step.id)) draft.steps.upsert(step);
  state.elements = Object.fromEntries(elements.filter((it) => it.type !== 'tasklist').map((it) => [it.id, it]));
  state.taskList = elements.filter((it) => it.type === 'tasklist').at(-1) ?? null;
  state.actions = [];
  state.threadId = thread.id;
  state.hasBegun = true;
  state.isOpening = false;
  const settings = thread.metadata?.chat_settings;
  if (isDict(settings)) state.settings = { ...state.settings, ...settings };
}

function isDict(value: Json | undefined): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface AskArgument {
  msg: Step;
  spec: AskSpec;
}
