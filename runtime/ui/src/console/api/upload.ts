import { useToken } from '../store/token';
import { ApiError, problemOf, refused, unreachable } from './client';
import { EventReader, type ServerEvent } from './sse';
import type { Problem, Uploaded } from './types';

export const STAGES = ['check', 'compile', 'rehearsal', 'store', 'live'] as const;
export type Stage = (typeof STAGES)[number];

export interface Upload {
  /** Resolves when the version is stored; rejects with an {@link ApiError}. */
  done: Promise<Uploaded>;
  abort(): void;
}

interface Handlers {
  onProgress(share: number): void;
  onStage(stage: Stage): void;
}

interface Outcome {
  uploaded?: Uploaded;
  problem?: Problem;
}

/** Sends a component. `fetch` does not tell how much of a body has left, so this is an XMLHttpRequest. */
export function upload(name: string, file: Blob, activate: boolean, handlers: Handlers): Upload {
  const xhr = new XMLHttpRequest();
  const done = new Promise<Uploaded>((resolve, reject) => {
    const fail = (problem: Problem) => reject(new ApiError(problem));
    xhr.open('PUT', `/api/bots/${encodeURIComponent(name)}${activate ? '' : '?activate=false'}`);
    xhr.setRequestHeader('Authorization', `Bearer ${useToken.getState().token ?? ''}`);
    xhr.setRequestHeader('Accept', 'text/event-stream');
    xhr.upload.onprogress = (event) => event.lengthComputable && handlers.onProgress(event.loaded / event.total);
    xhr.upload.onload = () => handlers.onProgress(1);
    const read = reader(xhr, handlers);
    xhr.onprogress = read;
    xhr.onload = () => {
      const { uploaded, problem } = read();
      if (xhr.status === 401) refused();
      if (uploaded) resolve(uploaded);
      else fail(problem ?? problemOf(xhr.status, xhr.responseText));
    };
    xhr.onerror = () => fail(unreachable);
    xhr.onabort = () => fail({ status: 0, code: 'aborted', detail: 'The upload was cancelled. Nothing was changed.' });
    xhr.send(file);
  });
  return { done, abort: () => xhr.abort() };
}

/** Reads what has come of the answer so far. */
function reader(xhr: XMLHttpRequest, handlers: Handlers): () => Outcome {
  const events = new EventReader();
  let seen = 0;
  const outcome: Outcome = {};
  const take = ({ event, data }: ServerEvent) => {
    if (event === 'stage') handlers.onStage((JSON.parse(data) as { stage: Stage }).stage);
    if (event === 'done') outcome.uploaded = JSON.parse(data) as Uploaded;
    if (event === 'problem') outcome.problem = JSON.parse(data) as Problem;
  };
  return () => {
    if (xhr.status < 200 || xhr.status >= 300) return outcome;
    if (xhr.getResponseHeader('Content-Type')?.startsWith('text/event-stream')) {
      const text = xhr.responseText.slice(seen);
      seen += text.length;
      events.push(text).forEach(take);
    } else if (xhr.readyState === XMLHttpRequest.DONE) {
      outcome.uploaded = JSON.parse(xhr.responseText) as Uploaded;
    }
    return outcome;
  };
}
