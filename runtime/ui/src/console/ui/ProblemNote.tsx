import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../api/types';

/** A refusal in words. */
export function ProblemNote(props: { title?: string; problem: Problem; children?: ReactNode }) {
  const { detail, code } = props.problem;
  return (
    <div role="alert" className="flex gap-3 rounded-lg bg-bad-soft px-3.5 py-3 text-sm text-bad">
      <CircleAlert size={18} className="mt-px shrink-0" aria-hidden />
      <div className="min-w-0 space-y-1">
        {props.title && <p className="font-medium">{props.title}</p>}
        <p className="break-words whitespace-pre-wrap text-ink">{sentence(detail)}</p>
        <p className="font-mono text-xs">{code}</p>
        {props.children}
      </div>
    </div>
  );
}

/** The server's texts begin small, as ends of a sentence do. */
export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
