import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { Call, CALL_OFF, type CallView } from './Call';

export interface VoiceSocket {
  emit(event: string, ...args: unknown[]): void;
}

export interface VoiceChunk {
  mimeType: string;
  track: string;
  data: ArrayBuffer;
}

export interface Voice extends CallView {
  /** Rejects with a sentence for the user. */
  start(): Promise<void>;
  stop(): void;
  onConnection(state: 'on' | 'off'): void;
  onChunk(chunk: VoiceChunk): void;
  onInterrupt(): void;
}

/** Talking with the bot. What the server sends is handed in by `on…`. */
export function useVoice(socket: VoiceSocket, { sampleRate }: { sampleRate: number }): Voice {
  const [view, setView] = useState(CALL_OFF);
  const call = useRef<Call | null>(null);
  const around = useRef({ socket, sampleRate });
  around.current = { socket, sampleRate };

  const start = useCallback(async () => {
    if (call.current) return;
    const started = new Call(around.current.socket, around.current.sampleRate, (change) => {
      // The last word of a call that is over must not touch the next one.
      if (call.current === started) setView((before) => ({ ...before, ...change }));
      if (change.state === 'off' && call.current === started) call.current = null;
    });
    call.current = started;
    await started.begin();
  }, []);

  useEffect(() => () => call.current?.end(), []);

  const handlers = useMemo(() => ({
    stop: () => call.current?.end(),
    onConnection: (state: 'on' | 'off') => (state === 'on' ? call.current?.accept() : call.current?.refuse()),
    onChunk: ({ track, data }: VoiceChunk) => call.current?.play(track, data),
    onInterrupt: () => call.current?.interrupt(),
  }), []);
  return { ...view, start, ...handlers };
}
