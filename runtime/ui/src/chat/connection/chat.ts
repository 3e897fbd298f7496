/** What the user does in a conversation. */
import { api, upload as send, words } from '../api';
import type { Action, Dict, Element, FileRef, Json, Step } from '../protocol';
import { apply } from '../store/batch';
import { chat, emptyChat } from '../store/chat';
import { app } from '../store/app';
import type { Thread } from '../types';
import { reducers } from './events';
import { connect, disconnect, emit, outbox } from './socket';
import { restoreSnapshot } from './snapshot';
import { newSession, ownSession, tab, uuid } from './tab';

const wantsFavorites = () => Boolean(app.get().settings?.features.favorites && app.get().user);

/** Goes on with the conversation of this tab, or begins one. */
export async function begin(): Promise<void> {
  const { id, isOld } = await ownSession();
  outbox.clear();
  chat.set({ ...emptyChat });
  if (isOld) {
    restoreSnapshot(id);
    outbox.restore();
    chat.set({ threadId: tab.threadId() });
  }
  connect(id, wantsFavorites());
}

/** Leaves the conversation for a new one, or for a kept one. */
export function open(threadId: string | null): void {
  disconnect(true);
  outbox.clear();
  const sessionId = newSession();
  tab.setThread(threadId);
  chat.set({ ...emptyChat, threadId, isOpening: threadId !== null });
  connect(sessionId, wantsFavorites());
}

/** Shows a kept conversation that nobody takes part in. */
export function show(thread: Thread): void {
  disconnect(true);
  outbox.clear();
  chat.set({ ...emptyChat });
  apply((draft) => reducers.resume_thread(draft, thread));
}

function userMessage(output: string, more: Partial<Step>): Step {
  return {
    id: uuid(),
    threadId: '',
    parentId: null,
    name: app.get().user?.identifier ?? 'User',
    type: 'user_message',
    output,
    createdAt: new Date().toISOString(),
    metadata: { location: window.location.href },
    ...more,
  };
}

export function say(text: string, more: { command?: string | null; modes?: Record<string, string>; files?: FileRef[] } = {}): void {
  const { ask } = chat.get();
  if (ask?.spec.type === 'text') return answer(text);
  const modes = more.modes && Object.keys(more.modes).length > 0 ? more.modes : undefined;
  const message = userMessage(text, { ...(more.command ? { command: more.command } : {}), ...(modes ? { modes } : {}) });
  apply(({ steps, state }) => {
    steps.upsert(message);
    // The button to stop is there at once, and no second message slips in before the server has said so.
    state.isWorking = state.link === 'up' || state.isWorking;
  });
  outbox.send({ message, fileReferences: (more.files ?? []).map(({ id }) => ({ id })) });
}

/** Answers the question that is open by a text. */
function answer(text: string): void {
  const { ask } = chat.get();
  if (!ask) return;
  const message = userMessage(text, { parentId: ask.step.parentId });
  apply(({ steps, state }) => {
    steps.upsert(message);
    state.ask = null;
  });
  ask.answer(JSON.parse(JSON.stringify(message)) as Json);
}

export function stop(): void {
  emit('stop');
  apply(({ steps, state }) => {
    steps.endStreams();
    state.isWorking = false;
  });
}

/** Writes a message of the user anew; what came after it goes. The same text asks for another answer. */
export function edit(id: string, output: string): void {
  const step = chat.get().steps.byId[id];
  if (!step) return;
  apply(({ steps, state }) => {
    steps.cutAfter(id);
    steps.update(id, { output });
    state.isWorking = true;
  });
  emit('edit_message', { message: { ...step, output } });
}

export function favorite(id: string, isFavorite: boolean): void {
  const step = chat.get().steps.byId[id] ?? chat.get().favorites.find((it) => it.id === id);
  if (!step) return;
  const metadata: Dict = { ...step.metadata, favorite: isFavorite };
  apply(({ steps }) => steps.update(id, { metadata }));
  emit('message_favorite', { message: { ...step, metadata } });
}

export async function act(action: Action): Promise<Json> {
  const { response } = await api.action(chat.get().sessionId, action);
  return response ?? null;
}

export function changeSettings(values: Dict): void {
  const told = Object.fromEntries(Object.entries(values).map(([id, value]) => [id, value === '' ? null : value]));
  chat.set({ settings: told });
  emit('chat_settings_change', told);
}

export function editSettings(values: Dict): void {
  emit('chat_settings_edit', values);
}

export function upload(file: File, onProgress: (share: number) => void, askParentId?: string | null, signal?: AbortSignal): Promise<FileRef> {
  return send(file, { sessionId: chat.get().sessionId, askParentId }, onProgress, signal);
}

export async function putElement(element: Element): Promise<void> {
  const { success } = await api.putElement(chat.get().sessionId, element);
  if (!success) throw new Error('The server does not know this element');
}

export async function deleteElement(element: Element): Promise<void> {
  await api.deleteElement(chat.get().sessionId, element);
}

/** Judges the answer of a run; none takes the judgement back. */
export async function judge(runId: string, value: 0 | 1 | null, comment?: string): Promise<string | null> {
  const run = chat.get().steps.byId[runId];
  if (!run) return null;
  const old = run.feedback;
  try {
    if (value === null) {
      if (old?.id) await api.deleteFeedback(old.id);
      apply(({ steps }) => steps.update(runId, { feedback: null }));
    } else {
      const feedback = { ...(old?.id ? { id: old.id } : {}), forId: runId, value, comment: comment ?? '', threadId: run.threadId };
      const { feedbackId } = await api.putFeedback(chat.get().sessionId, feedback);
      apply(({ steps }) => steps.update(runId, { feedback: { ...feedback, id: feedbackId } }));
    }
    return null;
  } catch (error) {
    return words(error);
  }
}
