import { useToken } from '../store/token';
import type { Bot, BotSummary, Grants, Limits, Problem, Sessions, Stats } from './types';

/** A refusal, or no answer at all, in words for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor({ status, code, detail }: Problem) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export const unreachable: Problem = {
  status: 0,
  code: 'unreachable',
  detail: 'The server does not answer. Is it still running, and is this machine connected?',
};

/** The problem that a body holds; whatever stands between us and the server may answer with something else. */
export function problemOf(status: number, body: string): Problem {
  try {
    const value = JSON.parse(body) as Partial<Problem>;
    if (value.detail) return { status, code: value.code ?? 'unknown', detail: value.detail };
  } catch {
    // Not JSON: said below.
  }
  const detail = `The server answered with status ${status}, and with nothing that says why.`;
  return { status, code: `http-${status}`, detail };
}

export function toProblem(error: unknown): Problem {
  if (error instanceof ApiError) return { status: error.status, code: error.code, detail: error.message };
  return { status: 0, code: 'failed', detail: error instanceof Error ? error.message : String(error) };
}

/** An answer that is no refusal. Whoever's token is refused is signed out. */
export async function request(path: string, init: RequestInit = {}, token = useToken.getState().token): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${token ?? ''}` },
      cache: 'no-store',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(unreachable);
  }
  if (response.ok) return response;
  const problem = problemOf(response.status, await response.text());
  if (response.status === 401 && token === useToken.getState().token) refused();
  throw new ApiError(problem);
}

export function refused(): void {
  useToken.getState().signOut('The server no longer takes the token of this tab. Sign in again.');
}

async function json<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const headers: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const response = await request(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return (await response.json()) as T;
}

const bot = (name: string) => `/api/bots/${encodeURIComponent(name)}`;

export const api = {
  bots: () => json<BotSummary[]>('/api/bots'),
  bot: (name: string) => json<Bot>(bot(name)),
  activate: (name: string, version: number) => json<Bot>(`${bot(name)}/activate`, 'POST', { version }),
  rollback: (name: string) => json<Bot>(`${bot(name)}/rollback`, 'POST'),
  remove: async (name: string) => void (await request(bot(name), { method: 'DELETE' })),
  setLimits: (name: string, limits: Limits) => json<Bot>(`${bot(name)}/limits`, 'PUT', limits),
  setGrants: (name: string, grants: Grants) => json<Bot>(`${bot(name)}/grants`, 'PUT', grants),
  stats: () => json<Stats>('/api/stats'),
  sessions: () => json<Sessions>('/api/sessions'),
  /** Whether a token is the right one: refuses in words. */
  try: async (token: string) => void (await request('/api/bots', {}, token)),
};
