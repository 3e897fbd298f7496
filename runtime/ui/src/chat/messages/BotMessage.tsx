import { CircleAlert } from 'lucide-react';

import { clockOf, momentOf } from '../../shared/time';
import { Markdown } from '../markdown/Markdown';
import type { Step } from '../protocol';
import { useChat } from '../store/chat';
import { ActionButtons } from './ActionButtons';
import { Avatar } from './Avatar';
import { MessageElements, useLinkable } from './MessageElements';
import { useReader } from './reader';
import { fenced } from './text';

export function BotMessage({ id }: { id: string }) {
  const step = useChat(({ steps }) => steps.byId[id]);
  const { openElement } = useReader();
  const elements = useLinkable(id);
  if (!step) return null;
  return (
    <li className="flex list-none gap-3" data-step-type={step.type} data-step-id={id}>
      <Avatar name={authorOf(step)} icon={textOf(step.metadata?.icon)} />
      <article className="min-w-0 flex-1" aria-label={`${step.name} said`} aria-busy={Boolean(step.streaming)}>
        <header className="mb-0.5 flex min-h-7 items-center gap-2">
          <span className="truncate text-sm font-semibold">{step.name}</span>
          <time dateTime={step.createdAt} title={momentOf(step.createdAt)} className="text-xs text-muted">{clockOf(step.createdAt)}</time>
        </header>
        {step.isError
          ? <ErrorText step={step} />
          : <Markdown text={fenced(step.output, step.language)} isStreaming={step.streaming} elements={elements} onElement={(element) => openElement(element.id)} />}
        <MessageElements id={id} />
        <ActionButtons messageId={id} />
      </article>
    </li>
  );
}

function ErrorText({ step }: { step: Step }) {
  return (
    <div role="alert" className="flex gap-2.5 rounded-xl bg-bad-soft px-3.5 py-2.5 text-bad">
      <CircleAlert size={18} className="mt-1 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1"><Markdown text={step.output} /></div>
    </div>
  );
}

function authorOf(step: Step): string {
  return textOf(step.metadata?.avatarName) ?? step.name;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value ? value : null;
}
