import { useChat, type ChatState } from './chat';
import { StepDraft } from './steps';

/** The state while a batch of events is applied. `steps` are changed by `draft` alone. */
export interface Draft {
  state: ChatState;
  steps: StepDraft;
}

export type Change = (draft: Draft) => void;

let waiting: Change[] = [];
let isScheduled = false;

/** Applies a change with all others of the same frame, in order: a fast stream is drawn once a frame. */
export function enqueue(change: Change): void {
  waiting.push(change);
  if (isScheduled) return;
  isScheduled = true;
  // Hidden pages get no frames.
  if (document.hidden) setTimeout(flush, 50);
  else requestAnimationFrame(flush);
}

/** Applies what waits, now. */
export function flush(): void {
  isScheduled = false;
  if (waiting.length === 0) return;
  const changes = waiting;
  waiting = [];
  const before = useChat.getState();
  const draft: Draft = { state: { ...before }, steps: new StepDraft(before.steps) };
  for (const change of changes) change(draft);
  useChat.setState({ ...draft.state, steps: draft.steps.done() });
}

// A frame that was asked for before the page was hidden may never come.
document.addEventListener('visibilitychange', () => document.hidden && flush());

/** Applies a change of the page's own at once. */
export function apply(change: Change): void {
  enqueue(change);
  flush();
}
