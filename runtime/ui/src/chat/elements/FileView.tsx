import { Download, FileText } from 'lucide-react';
import { useEffect, useState } from 'react';

import { isSameOrigin } from '../markdown/urls';
import { addressOf, downloadProps } from './address';
import { fileSize } from './format';
import type { ViewProps } from './view';

export function FileView({ element, sessionId }: ViewProps) {
  const address = addressOf(element, sessionId);
  const size = useSize(address);
  const details = [shortType(element.name, element.mime), size === null ? null : fileSize(size)].filter(Boolean).join(' · ');
  const look = 'inline-file flex w-fit max-w-full min-w-0 items-center gap-3 rounded-xl border border-line bg-raised px-3.5 py-2.5 text-sm';
  const body = (
    <>
      <FileText aria-hidden className="size-5 shrink-0 text-muted" />
      <span className="min-w-0">
        <span className="block truncate font-medium">{element.name}</span>
        <span className="block text-xs text-muted">{address === null ? 'Not there any more' : details}</span>
      </span>
    </>
  );
  if (address === null) return <p className={look}>{body}</p>;
  return (
    <a {...downloadProps(address, element.name)} className={`${look} group hover:border-accent`}>
      <span className="sr-only">Download </span>
      {body}
      <Download aria-hidden className="ml-1 size-4 shrink-0 text-muted group-hover:text-accent" />
    </a>
  );
}

/** The wire does not tell sizes, but the file's own address does. */
function useSize(address: string | null): number | null {
  const [size, setSize] = useState<number | null>(null);
  useEffect(() => {
    if (address === null || !isSameOrigin(address)) return;
    const abort = new AbortController();
    const ask = async () => {
      const response = await fetch(address, { method: 'HEAD', signal: abort.signal });
      const length = response.headers.get('content-length');
      if (response.ok && length !== null) setSize(Number(length));
    };
    ask().catch(() => undefined);
    return () => abort.abort();
  }, [address]);
  return size;
}

function shortType(name: string, mime: string | null | undefined): string {
  const extension = /\.([a-z0-9]{1,6})$/i.exec(name)?.[1];
  return extension?.toUpperCase() ?? mime ?? 'File';
}
