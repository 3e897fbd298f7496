import { Ellipsis, Pencil, Share2, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';

import { Button } from '../../shared/ui/Button';
import { Dialog } from '../../shared/ui/Dialog';
import { Menu, MenuItem } from '../../shared/ui/Menu';
import { useApp } from '../store/app';
import { removeThread, renameThread } from '../store/threads';
import type { Thread } from '../types';
import { ShareDialog } from './ShareDialog';

interface ThreadRowProps {
  thread: Thread;
  isCurrent: boolean;
  onOpen(): void;
  onGone(): void;
}

export const nameOf = (thread: Thread) => thread.name?.trim() || 'Untitled conversation';

export function ThreadRow({ thread, isCurrent, onOpen, onGone }: ThreadRowProps) {
  const [isRenaming, setRenaming] = useState(false);
  const [dialog, setDialog] = useState<'delete' | 'share' | null>(null);
  const canShare = useApp(({ settings }) => Boolean(settings?.threadSharing));
  const name = nameOf(thread);
  if (isRenaming) return <li><RenameField name={name} onDone={() => setRenaming(false)} onSave={(next) => void renameThread(thread.id, next)} /></li>;
  return (
    <li className={`group/row relative flex items-center rounded-lg ${isCurrent ? 'bg-accent-soft' : 'hover:bg-sunken focus-within:bg-sunken'}`}>
      <a
        href={`/thread/${thread.id}`} aria-current={isCurrent ? 'page' : undefined} title={name}
        className="min-w-0 flex-1 truncate rounded-lg py-2 pr-9 pl-2.5 text-sm"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onOpen();
        }}
      >
        {name}
      </a>
      <Menu trigger={(
        <button
          type="button" aria-label={`More about ${name}`}
          className="absolute right-1 grid size-8 cursor-pointer place-items-center rounded-lg text-muted opacity-0 group-hover/row:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 [@media(hover:none)]:opacity-100"
        >
          <Ellipsis size={16} />
        </button>
      )}
      >
        <MenuItem icon={<Pencil size={15} />} onSelect={() => setRenaming(true)}>Rename</MenuItem>
        {canShare ? <MenuItem icon={<Share2 size={15} />} onSelect={() => setDialog('share')}>Share</MenuItem> : null}
        <MenuItem icon={<Trash2 size={15} />} isBad onSelect={() => setDialog('delete')}>Delete</MenuItem>
      </Menu>
      <DeleteDialog
        name={name} open={dialog === 'delete'} onClose={() => setDialog(null)}
        onDelete={() => void removeThread(thread.id).then((isGone) => { if (isGone && isCurrent) onGone(); })}
      />
      {dialog === 'share' ? <ShareDialog threadId={thread.id} isShared={thread.metadata?.is_shared === true} onClose={() => setDialog(null)} /> : null}
    </li>
  );
}

function RenameField({ name, onSave, onDone }: { name: string; onSave(name: string): void; onDone(): void }) {
  const [text, setText] = useState(name);
  const isOver = useRef(false);
  const finish = (isKept: boolean) => {
    // Leaving the field by Enter or Escape blurs it too.
    if (isOver.current) return;
    isOver.current = true;
    const next = text.trim();
    if (isKept && next && next !== name) onSave(next);
    onDone();
  };
  return (
    <input
      // The menu that opened it gives the focus back first.
      ref={(it) => { if (it) setTimeout(() => it.select(), 0); }}
      value={text} maxLength={200} aria-label="Name of the conversation" onChange={(event) => setText(event.target.value)} onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(true);
        if (event.key === 'Escape') finish(false);
      }}
      className="h-9 w-full rounded-lg border border-accent bg-raised px-2.5 text-sm"
    />
  );
}

function DeleteDialog({ name, open, onClose, onDelete }: { name: string; open: boolean; onClose(): void; onDelete(): void }) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title="Delete this conversation?" description={`“${name}” and its files are deleted for good.`}>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" onClick={() => { onClose(); onDelete(); }}>Delete</Button>
      </div>
    </Dialog>
  );
}
