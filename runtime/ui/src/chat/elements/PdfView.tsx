import { ExternalLink, FileText } from 'lucide-react';

import { addressOf } from './address';
import { FileView } from './FileView';
import { Frame } from './Frame';
import type { ViewProps } from './view';

/** The browser's own viewer; phones mostly have none, there it is a link. */
export function PdfView(props: ViewProps) {
  const { element, sessionId, isWhole } = props;
  const address = addressOf(element, sessionId);
  if (address === null) return <FileView {...props} />;
  const place = `${address}#page=${element.page ?? 1}&navpanes=0`;
  const open = (
    <a href={place} target="_blank" rel="noopener noreferrer" className="copy-button" title="Open in a new tab" aria-label={`Open ${element.name} in a new tab`}>
      <ExternalLink aria-hidden className="size-3.5" />
    </a>
  );
  return (
    <Frame name={element.name} kind="PDF" address={address} tools={open}>
      {navigator.pdfViewerEnabled
        ? <iframe className={`block w-full bg-sunken ${isWhole ? 'h-[75dvh]' : 'h-[min(34rem,70dvh)]'}`} src={place} title={element.name} loading="lazy" referrerPolicy="no-referrer" />
        : <OpenOutside place={place} />}
    </Frame>
  );
}

function OpenOutside({ place }: { place: string }) {
  return (
    <a href={place} target="_blank" rel="noopener noreferrer" className="flex items-center gap-3 p-3.5 text-sm text-accent hover:underline">
      <FileText aria-hidden className="size-5" /> Open the PDF in a new tab
    </a>
  );
}
