import { useEffect, useState } from 'react';

const ROUND = 2 * Math.PI * 7;

/** How long a question stays open. Not read out as it runs: that would drown all else. */
export function Countdown({ until, total }: { until: number; total: number }) {
  const seconds = useSecondsUntil(until);
  const share = Math.min(1, seconds / Math.max(1, total));
  const isShort = seconds <= 10;
  return (
    <span role="timer" aria-label={`${inWords(seconds)} left`} className={`inline-flex shrink-0 items-center gap-1.5 text-xs tabular-nums ${isShort ? 'text-bad' : 'text-muted'}`}>
      <svg aria-hidden viewBox="0 0 18 18" className="size-4 -rotate-90">
        <circle cx="9" cy="9" r="7" fill="none" strokeWidth="2.5" className="stroke-line" />
        <circle
          cx="9" cy="9" r="7" fill="none" strokeWidth="2.5" stroke="currentColor" strokeLinecap="round"
          strokeDasharray={ROUND} strokeDashoffset={ROUND * (1 - share)}
          className="transition-[stroke-dashoffset] duration-1000 ease-linear"
        />
      </svg>
      <span aria-hidden>{clock(seconds)}</span>
    </span>
  );
}

function useSecondsUntil(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.round((until - now) / 1000));
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `${Math.round(seconds / 60)} minutes`;
}
