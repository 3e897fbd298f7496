import type { Action, Element, Feedback, FileRef, Json } from './protocol';
import type { AuthConfig, Settings, Thread, ThreadPage, User } from './types';

/** A refusal of the server, with words for the user. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const headers = body === undefined ? undefined : { 'Content-Type': 'application/json' };
  const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'include' })
    .catch(() => { throw new ApiError(0, 'The server cannot be reached'); });
  return read<T>(response);
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, detail(text) ?? `${response.status} ${response.statusText}`);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(response.status, 'The server answered with something that is not JSON');
  }
}

function detail(text: string): string | null {
  try {
    const said: unknown = JSON.parse(text);
    if (said && typeof said === 'object' && 'detail' in said && typeof said.detail === 'string') return said.detail;
  } catch {
    // An error page of a proxy: the status says more.
  }
  return null;
}

const language = () => (/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,4})?$/.test(navigator.language) ? navigator.language : 'en-US');

export const api = {
  authConfig: () => call<AuthConfig>('GET', '/auth/config'),
  user: () => call<User | null>('GET', '/user'),
  settings: (bot: string | null) =>
    call<Settings>('GET', `/project/settings?language=${language()}${bot ? `&chat_profile=${encodeURIComponent(bot)}` : ''}`),

  login(username: string, password: string) {
    const form = new URLSearchParams({ username, password });
    return fetch('/login', { method: 'POST', body: form, credentials: 'include' })
      .catch(() => { throw new ApiError(0, 'The server cannot be reached'); })
      .then((response) => read<Json>(response));
  },
  loginByHeader: () => call<Json>('POST', '/auth/header', {}),
  logout: () => call<Json>('POST', '/logout', {}),
  keepSessionCookie: (sessionId: string) => call<Json>('POST', '/set-session-cookie', { session_id: sessionId }),

  threads: (cursor: string | null, search: string) =>
    call<ThreadPage>('POST', '/project/threads', {
      pagination: { first: 35, ...(cursor ? { cursor } : {}) },
      filter: search ? { search } : {},
    }),
  thread: (id: string) => call<Thread>('GET', `/project/thread/${encodeURIComponent(id)}`),
  sharedThread: (id: string) => call<Thread>('GET', `/project/share/${encodeURIComponent(id)}`),
  threadElement: (thread: string, element: string) =>
    call<Element | null>('GET', `/project/thread/${encodeURIComponent(thread)}/element/${encodeURIComponent(element)}`),
  renameThread: (threadId: string, name: string) => call<Json>('PUT', '/project/thread', { threadId, name }),
  shareThread: (threadId: string, isShared: boolean) => call<Json>('PUT', '/project/thread/share', { threadId, isShared }),
  deleteThread: (threadId: string) => call<Json>('DELETE', '/project/thread', { threadId }),

  action: (sessionId: string, action: Action) =>
    call<{ success: boolean; response: Json }>('POST', '/project/action', { sessionId, action }),
  putElement: (sessionId: string, element: Element) => call<{ success: boolean }>('PUT', '/project/element', { sessionId, element }),
  deleteElement: (sessionId: string, element: Element) => call<{ success: boolean }>('DELETE', '/project/element', { sessionId, element }),
  putFeedback: (sessionId: string, feedback: Feedback & { threadId: string }) =>
    call<{ success: boolean; feedbackId: string }>('PUT', '/feedback', { sessionId, feedback }),
  deleteFeedback: (feedbackId: string) => call<Json>('DELETE', '/feedback', { feedbackId }),
};

/** Uploads a file; `onProgress` hears the share that is sent, 0 to 1. */
export function upload(
  file: File,
  target: { sessionId: string; askParentId?: string | null },
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<FileRef> {
  const query = new URLSearchParams({ session_id: target.sessionId });
  if (target.askParentId) query.set('ask_parent_id', target.askParentId);
  return new Promise((resolve, reject) => {
    // Not fetch: it does not tell how much is sent.
    const request = new XMLHttpRequest();
    request.open('POST', `/project/file?${query}`);
    request.withCredentials = true;
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ApiError(0, 'The connection broke while the file was sent'));
    request.onabort = () => reject(new ApiError(0, 'Cancelled'));
    request.onload = () => {
      if (request.status !== 200) return reject(new ApiError(request.status, detail(request.responseText) ?? request.statusText));
      const { id } = JSON.parse(request.responseText) as { id: string };
      resolve({ id, name: file.name, size: file.size, type: file.type });
    };
    signal?.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
