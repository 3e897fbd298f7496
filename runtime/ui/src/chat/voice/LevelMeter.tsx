const BARS = [0.55, 0.8, 1, 0.8, 0.55];

/** How loud the microphone hears. */
export function LevelMeter({ level, label }: { level: number; label: string }) {
  const percent = Math.round(level * 100);
  return (
    <span role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} aria-valuetext={inWords(level)} className="inline-flex h-6 items-center gap-[3px]">
      {BARS.map((reach, at) => (
        <span
          key={at}
          aria-hidden
          className="w-[3px] rounded-full bg-accent transition-[height] duration-150 ease-out"
          style={{ height: `${Math.max(14, Math.min(100, percent * reach * 1.15))}%` }}
        />
      ))}
    </span>
  );
}

function inWords(level: number): string {
  if (level < 0.05) return 'Silence';
  return level < 0.4 ? 'Quiet' : level < 0.9 ? 'Good' : 'Loud';
}
