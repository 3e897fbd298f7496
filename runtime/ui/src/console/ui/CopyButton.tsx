import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

/** A short text whose whole is copied by a click. */
export function CopyButton(props: { text: string; shown: string; label: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
    } catch {
      copyByHand(props.text);
    }
    setCopied(true);
  };
  return (
    <button
      type="button"
      title={props.text}
      aria-label={isCopied ? `${props.label} copied` : `Copy ${props.label} ${props.shown}`}
      onClick={() => void copy()}
      className="inline-flex items-center gap-1.5 rounded font-mono text-xs text-muted hover:text-ink"
    >
      {props.shown}
      {isCopied ? <Check size={12} className="text-good" aria-hidden /> : <Copy size={12} aria-hidden />}
    </button>
  );
}

/** Browsers keep the clipboard from pages that came without TLS, as in a local network. */
function copyByHand(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
