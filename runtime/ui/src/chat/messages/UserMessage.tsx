import { Clock3, Pencil, Star } from 'lucide-react';
import { useState } from 'react';

import { clockOf, momentOf } from '../../shared/time';
import { IconButton } from '../../shared/ui/Button';
import { edit, favorite } from '../connection/chat';
import { Markdown } from '../markdown/Markdown';
import type { Step } from '../protocol';
import { useApp } from '../store/app';
import { useChat } from '../store/chat';
import { CopyButton } from './AnswerBar';
import { MessageEditor } from './MessageEditor';
import { MessageElements } from './MessageElements';
import { useReader } from './reader';

export function UserMessage({ id }: { id: string }) {
  const step = useChat(({ steps }) => steps.byId[id]);
  const [isEditing, setEditing] = useState(false);
  const isMarkdown = useApp(({ settings }) => settings?.features.user_message_markdown ?? true);
  if (!step) return null;
  return (
    <li className="group flex list-none flex-col items-end gap-0.5" data-step-type="user_message" data-step-id={id}>
      {isEditing
        ? (
          <MessageEditor
            text={step.output} onCancel={() => setEditing(false)}
            onSave={(text) => { setEditing(false); edit(id, text); }}
          />
        )
        : (
          <article aria-label="You said" className="max-w-[85%] min-w-0 rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 wrap-anywhere">
            {step.command ? <p className="mb-0.5 text-xs font-semibold text-accent">/{step.command}</p> : null}
            {isMarkdown ? <Markdown text={step.output} /> : <p className="whitespace-pre-wrap">{step.output}</p>}
          </article>
        )}
      <div className="max-w-[85%] empty:hidden"><MessageElements id={id} /></div>
      {isEditing ? null : <Bar step={step} onEdit={() => setEditing(true)} />}
    </li>
  );
}

function Bar({ step, onEdit }: { step: Step; onEdit(): void }) {
  const { canAct } = useReader();
  const isUnsent = useChat(({ unsent, link }) => step.id in unsent && link !== 'up');
  const isBusy = useChat(({ isWorking, link }) => isWorking || link !== 'up');
  const canEdit = useApp(({ settings }) => Boolean(settings?.features.edit_message));
  const canMark = useApp(({ settings, user }) => Boolean(settings?.features.favorites && user));
  const isMarked = step.metadata?.favorite === true;
  if (isUnsent) {
    return (
      <p className="flex items-center gap-1.5 text-xs text-warn" role="status">
        <Clock3 size={13} aria-hidden /> Will be sent when the connection is back
      </p>
    );
  }
  const faint = 'opacity-0 transition-opacity group-hover:opacity-100 focus-within:opacity-100 [@media(hover:none)]:opacity-100';
  return (
    <div className={`-mb-3 flex h-7 [@media(hover:none)]:mb-0 items-center text-muted ${faint}`}>
      <time dateTime={step.createdAt} title={momentOf(step.createdAt)} className="px-1 text-xs">{clockOf(step.createdAt)}</time>
      {canAct && canMark
        ? (
          <IconButton small label={isMarked ? 'Remove from favourites' : 'Add to favourites'} aria-pressed={isMarked} onClick={() => favorite(step.id, !isMarked)}>
            <Star size={15} className={isMarked ? 'fill-current text-warn' : ''} />
          </IconButton>
        ) : null}
      <CopyButton text={step.output} label="Copy the message" />
      {canAct && canEdit && !step.parentId
        ? <IconButton small label="Edit the message" disabled={isBusy} onClick={onEdit}><Pencil size={15} /></IconButton> : null}
    </div>
  );
}
