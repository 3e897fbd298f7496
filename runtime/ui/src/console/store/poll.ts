import { useEffect, useRef } from 'react';

/** Calls `task` now and then every `ms`, but only while somebody can see the page; never twice at once. */
export function usePoll(task: () => Promise<unknown>, ms: number): void {
  const latest = useRef(task);
  latest.current = task;
  useEffect(() => {
    let timer: number | undefined;
    let isRunning = false;
    let isOver = false;
    const run = async () => {
      clearTimeout(timer);
      if (isRunning || isOver || document.hidden) return;
      isRunning = true;
      // Whoever gave the task says what went wrong; here it only means trying again.
      await latest.current().catch(() => undefined);
      isRunning = false;
      if (!isOver) timer = window.setTimeout(run, ms);
    };
    const wake = () => void run();
    wake();
    document.addEventListener('visibilitychange', wake);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, [ms]);
}
