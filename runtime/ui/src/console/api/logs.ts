import { request } from './client';
import { EventReader } from './sse';
import type { LogLine } from './types';

/** Follows a bot's log until `signal` aborts or the server ends it. `EventSource` cannot send the token. */
export async function followLog(
  name: string,
  signal: AbortSignal,
  handlers: { onOpen(): void; onLine(line: LogLine): void },
): Promise<void> {
  const path = `/api/bots/${encodeURIComponent(name)}/logs?follow=true`;
  const response = await request(path, { signal, headers: { Accept: 'text/event-stream' } });
  if (!response.body) return;
  handlers.onOpen();
  const events = new EventReader();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const { data } of events.push(value)) handlers.onLine(JSON.parse(data) as LogLine);
  }
}
