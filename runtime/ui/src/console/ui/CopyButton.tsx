import { Check, Copy } from 'lucide-react';
import { useCopy } from '../../shared/clipboard';

/** A short text whose whole is copied by a click. */
export function CopyButton(props: { text: string; shown: string; label: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <button
      type="button"
      title={props.text}
      aria-label={isCopied ? `${props.label} copied` : `Copy ${props.label} ${props.shown}`}
      onClick={() => copy(props.text)}
      className="inline-flex items-center gap-1.5 rounded font-mono text-xs text-muted hover:text-ink"
    >
      {props.shown}
      {isCopied ? <Check size={12} className="text-good" aria-hidden /> : <Copy size={12} aria-hidden />}
    </button>
  );
}
