import { useEffect, useRef, useState } from 'react';
import { toProblem } from '../api/client';
import { followLog } from '../api/logs';
import type { LogLine, Problem } from '../api/types';

const KEPT = 2_000;
/** Lines come one by one and fast; the page is drawn less often. */
const FLUSH_MS = 120;
const RETRY_MS = 2_000;

export interface Line extends LogLine {
  /** Unlike a time, no two lines have the same. */
  id: number;
}

export interface Log {
  lines: Line[];
  /** Lines that came since it was paused. */
  waiting: number;
  isConnected: boolean;
  problem: Problem | null;
}

/** A bot's log as it grows; nothing is shown of what comes while it is paused. */
export function useLog(name: string, isPaused: boolean): Log {
  const [log, setLog] = useState<Log>({ lines: [], waiting: 0, isConnected: false, problem: null });
  const paused = useRef(isPaused);
  paused.current = isPaused;

  useEffect(() => {
    const stop = new AbortController();
    let lines: Line[] = [];
    let count = 0;
    let seen = 0;
    let isFresh = false;
    const flush = () => {
      if (isFresh && !paused.current) {
        isFresh = false;
        seen = count;
        setLog((log) => ({ ...log, lines, waiting: 0 }));
      } else if (isFresh) setLog((log) => ({ ...log, waiting: count - seen }));
    };
    const onOpen = () => {
      // The server tells the last lines again.
      lines = [];
      isFresh = true;
      setLog((log) => ({ ...log, isConnected: true, problem: null }));
    };
    const onLine = (line: LogLine) => {
      count += 1;
      lines = [...lines.slice(1 - KEPT), { ...line, id: count }];
      isFresh = true;
    };
    const follow = async () => {
      while (!stop.signal.aborted) {
        const problem = await followLog(name, stop.signal, { onOpen, onLine }).then(() => null, toProblem);
        if (stop.signal.aborted) return;
        setLog((log) => ({ ...log, isConnected: false, problem: problem?.status ? problem : null }));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    };
    void follow();
    const timer = setInterval(flush, FLUSH_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [name]);
  return log;
}
