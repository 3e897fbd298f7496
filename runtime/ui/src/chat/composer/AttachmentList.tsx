import { CircleAlert, FileText, X } from 'lucide-react';

import { IconButton } from '../../shared/ui/Button';
import { sizeOf, type Attachment } from './attachments';

export function AttachmentList({ list, onRemove }: { list: Attachment[]; onRemove(key: string): void }) {
  if (list.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-2 px-3 pt-3">
      {list.map((it) => (
        <li key={it.key} className="relative flex max-w-64 items-center gap-2 overflow-hidden rounded-xl border border-line bg-page py-1 pr-1 pl-2.5 text-sm">
          {it.problem ? <CircleAlert size={16} className="shrink-0 text-bad" aria-hidden /> : <FileText size={16} className="shrink-0 text-muted" aria-hidden />}
          <span className="min-w-0">
            <span className="block truncate">{it.name}</span>
            <span className={`block truncate text-xs ${it.problem ? 'text-bad' : 'text-muted'}`} role={it.problem ? 'alert' : undefined}>
              {it.problem ?? sizeOf(it.size)}
            </span>
          </span>
          <IconButton small label={`Remove ${it.name}`} onClick={() => onRemove(it.key)}><X size={15} /></IconButton>
          {it.file || it.problem ? null : (
            <span
              role="progressbar" aria-label={`Sending ${it.name}`} aria-valuenow={Math.round(it.share * 100)} aria-valuemin={0} aria-valuemax={100}
              className="absolute inset-x-0 bottom-0 h-0.5 bg-line"
            >
              <span className="block h-full bg-accent transition-[width]" style={{ width: `${it.share * 100}%` }} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
