import { Check, Copy } from 'lucide-react';
import { useCopy } from '../../shared/clipboard';

export function CopyButton({ text, label }: { text: string | (() => string); label: string }) {
  const { isCopied, copy } = useCopy();
  const Icon = isCopied ? Check : Copy;
  return (
    <button type="button" className="copy-button" onClick={() => copy(typeof text === 'string' ? text : text())} aria-label={label} title={label}>
      <Icon aria-hidden className="size-3.5" />
      <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
    </button>
  );
}
