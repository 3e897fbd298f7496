import type { ReactNode } from 'react';

const tones = {
  plain: 'border-line text-muted',
  accent: 'border-transparent bg-accent-soft text-accent',
  warn: 'border-warn/40 text-warn',
  bad: 'border-transparent bg-bad-soft text-bad',
};

export function Badge(props: { tone?: keyof typeof tones; title?: string; children: ReactNode }) {
  return (
    <span
      title={props.title}
      className={`inline-flex items-center gap-1 rounded-full border px-2 py-0.5 text-xs font-medium whitespace-nowrap ${tones[props.tone ?? 'plain']}`}
    >
      {props.children}
    </span>
  );
}
