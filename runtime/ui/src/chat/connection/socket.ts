import { io, type Socket } from 'socket.io-client';
import { toast } from 'sonner';

import { api } from '../api';
import type { Json, Step } from '../protocol';
import { apply, enqueue } from '../store/batch';
import { chat } from '../store/chat';
import type { Thread } from '../types';
import { reducers, type AskArgument, type ServerEvents } from './events';
import { Outbox } from './outbox';
import { tab, userEnv } from './tab';

/** What the page around the conversation does when the server says so. */
export interface Around {
  /** A conversation has an id now; a kept one says which bot it is with. */
  onThread(id: string, bot: string | null): void;
  /** The conversation that was asked for is not there. */
  onMissing(why: string): void;
  /** The server does not let this page in. */
  onRefused(): void;
  onAudioConnection(state: 'on' | 'off'): void;
  onAudioChunk(chunk: { mimeType: string; track: string; data: ArrayBuffer }): void;
  onAudioInterrupt(): void;
}

const around: Partial<Around> = {};
let socket: Socket | null = null;
/** An answer that was given; if the same question comes again, it got lost. */
let lastAnswer: { step: string; value: Json } | null = null;

export const outbox = new Outbox(() => socket);

/** Registers what happens around the conversation; returns how to take it back. */
export function listen(handlers: Partial<Around>): () => void {
  Object.assign(around, handlers);
  return () => {
    for (const key of Object.keys(handlers) as (keyof Around)[]) if (around[key] === handlers[key]) delete around[key];
  };
}

/** Says something to the server. What is said while nobody listens is said when it comes back. */
export function emit(event: string, ...args: unknown[]): void {
  socket?.emit(event, ...args);
}

export function connect(sessionId: string, wantsFavorites: boolean): void {
  disconnect();
  chat.set({ link: 'connecting', sessionId });
  const mine = io({
    path: '/ws/socket.io',
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 400,
    reconnectionDelayMax: 5000,
    timeout: 8000,
    auth: (tell) => tell({
      clientType: 'webapp',
      sessionId,
      threadId: tab.threadId() ?? '',
      userEnv: JSON.stringify(userEnv()),
      chatProfile: encodeURIComponent(tab.bot() ?? ''),
    }),
  });
  socket = mine;
  watch(mine, wantsFavorites);
  hear(mine);
  // Only a load balancer needs the cookie: without it the page goes on.
  void api.keepSessionCookie(sessionId).catch(() => null).then(() => { if (socket === mine) mine.connect(); });
}

/** Leaves the session; `forGood` ends it on the server too. */
export function disconnect(forGood = false): void {
  if (forGood) socket?.emit('clear_session');
  socket?.removeAllListeners();
  socket?.disconnect();
  socket = null;
  lastAnswer = null;
  chat.set({ link: 'off' });
}

/** Tries again at once. */
export function retry(): void {
  if (!socket || socket.connected) return;
  chat.set({ link: 'connecting' });
  // An attempt that hangs would be in the way.
  socket.disconnect();
  socket.connect();
}

function watch(mine: Socket, wantsFavorites: boolean): void {
  let again: ReturnType<typeof setTimeout> | undefined;
  const later = () => {
    clearTimeout(again);
    again = setTimeout(() => { if (socket === mine && !mine.connected) mine.connect(); }, 3000);
  };
  mine.on('connect', () => {
    clearTimeout(again);
    mine.emit('connection_successful');
    if (wantsFavorites) mine.emit('fetch_favorites');
    // At once: what is said from now on goes out, and what was said before is looked after.
    apply(({ state }) => { state.link = 'up'; });
    void outbox.reconnected();
  });
  mine.on('disconnect', (reason) => {
    enqueue(({ state }) => { state.link = 'down'; });
    // Socket.IO comes back by itself unless the server closed the connection in order.
    if (reason === 'io server disconnect') later();
  });
  mine.on('connect_error', () => {
    // Socket.IO goes on trying unless the server has answered with a refusal.
    const isRefused = !mine.active;
    enqueue(({ state }) => { state.link = isRefused ? 'refused' : 'down'; });
    if (!isRefused) return;
    around.onRefused?.();
    later();
  });
}

function hear(mine: Socket): void {
  for (const event of Object.keys(reducers) as (keyof ServerEvents)[]) hearOne(mine, event);
  mine.on('ask', ({ msg, spec }: AskArgument, acknowledge: (value: Json) => void) => {
    outbox.heard(msg);
    if (lastAnswer?.step === msg.id) return acknowledge(lastAnswer.value);
    const until = Date.now() + spec.timeout * 1000;
    const answer = (value: Json) => {
      lastAnswer = { step: msg.id, value };
      acknowledge(value);
      enqueue(({ state }) => { if (state.ask?.step.id === msg.id) state.ask = null; });
    };
    enqueue(({ state, steps }) => {
      steps.upsert(msg);
      state.ask = { spec, step: msg, until, answer };
      state.isWorking = false;
    });
  });
  mine.on('call_fn', (call: { name: string; args: Json }, callback: (value: Json) => void) => {
    window.dispatchEvent(new CustomEvent('chainlit-call-fn', { detail: { ...call, callback } }));
  });
  mine.on('resume_thread_error', (why: string) => around.onMissing?.(why));
  mine.on('toast', ({ message, type }: { message: string; type: string }) => showToast(message, type));
  mine.on('window_message', (data: Json) => window.parent.postMessage(data, '*'));
  mine.on('audio_connection', (state: 'on' | 'off') => around.onAudioConnection?.(state));
  mine.on('audio_chunk', (chunk: { mimeType: string; track: string; data: ArrayBuffer }) => around.onAudioChunk?.(chunk));
  mine.on('audio_interrupt', () => around.onAudioInterrupt?.());
  mine.on('reload', () => {
    mine.emit('clear_session');
    window.location.reload();
  });
}

function hearOne<K extends keyof ServerEvents>(mine: Socket, event: K): void {
  const reduce = reducers[event];
  mine.on(event as string, (said: ServerEvents[K]) => {
    outbox.heard(isStep(said) ? said : undefined);
    enqueue((draft) => reduce(draft, said));
    if (event === 'first_interaction') met((said as ServerEvents['first_interaction']).thread_id, null);
    if (event === 'resume_thread') resumed(said as ServerEvents['resume_thread']);
  });
}

function isStep(said: unknown): said is Step {
  return typeof said === 'object' && said !== null && 'id' in said && 'type' in said && 'output' in said;
}

function met(thread: string, bot: string | null): void {
  tab.setThread(thread);
  around.onThread?.(thread, bot);
}

function resumed({ id, metadata }: Thread): void {
  met(id, typeof metadata?.chat_profile === 'string' ? metadata.chat_profile : null);
}

function showToast(message: string, type: string): void {
  if (!message) return;
  if (type === 'info' || type === 'success' || type === 'warning' || type === 'error') toast[type](message);
  else toast(message);
}
