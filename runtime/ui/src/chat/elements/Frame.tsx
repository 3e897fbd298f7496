import { CircleAlert, Download, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';

import type { Content } from './useContent';
import { downloadProps } from './address';

interface FrameProps {
  name: string;
  kind: string;
  address?: string | null;
  /** Buttons beside the name. */
  tools?: ReactNode;
  children: ReactNode;
}

/** An element with its name above: for what does not explain itself. */
export function Frame({ name, kind, address, tools, children }: FrameProps) {
  return (
    <figure aria-label={`${kind}: ${name}`} className="min-w-0 overflow-hidden rounded-xl border border-line bg-raised">
      <figcaption className="flex min-h-10 items-center gap-2 border-b border-line py-1 pr-1.5 pl-3.5 text-sm">
        <span className="min-w-0 flex-1 truncate font-medium" title={name}>{name}</span>
        {tools}
        {address && (
          <a {...downloadProps(address, name)} className="copy-button" aria-label={`Download ${name}`} title="Download">
            <Download aria-hidden className="size-3.5" />
          </a>
        )}
      </figcaption>
      {children}
    </figure>
  );
}

interface LoadedProps {
  content: Content & { retry?: () => void };
  /** Kept free while it loads, so that nothing below jumps. */
  minHeight?: string;
  children: (text: string) => ReactNode;
}

/** What was fetched, or why there is nothing. */
export function Loaded({ content, minHeight = '4rem', children }: LoadedProps) {
  if (content.state === 'ready') return <>{children(content.text)}</>;
  return (
    <div className="grid place-items-center p-4" style={{ minHeight }}>
      {content.state === 'loading' ? <Spinner /> : <Trouble reason={content.reason} onRetry={content.retry} />}
    </div>
  );
}

export function Spinner({ label = 'Loading' }: { label?: string }) {
  return (
    <span role="status" className="text-muted">
      <LoaderCircle aria-hidden className="size-5 animate-spin" />
      <span className="sr-only">{label}</span>
    </span>
  );
}

export function Trouble({ reason, onRetry }: { reason: string; onRetry?: (() => void) | undefined }) {
  return (
    <p role="alert" className="flex min-w-0 gap-2 text-sm text-muted">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <span className="min-w-0 wrap-anywhere">
        {reason}{' '}
        {onRetry && <button type="button" onClick={onRetry} className="text-accent underline underline-offset-2">Try again</button>}
      </span>
    </p>
  );
}
