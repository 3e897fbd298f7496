import { Check, Copy, RefreshCw } from 'lucide-react';

import { useCopy } from '../../shared/clipboard';
import { durationOf } from '../../shared/time';
import { IconButton } from '../../shared/ui/Button';
import { edit } from '../connection/chat';
import type { Step } from '../protocol';
import { useApp } from '../store/app';
import { useChat } from '../store/chat';
import type { Steps } from '../store/steps';
import { Thumbs } from './Thumbs';
import { useReader } from './reader';

/** What one can do with a finished answer, and which version of the bot gave it. */
export function AnswerBar({ runId }: { runId: string }) {
  const { canAct } = useReader();
  const run = useChat(({ steps }) => steps.byId[runId]);
  const text = useChat(({ steps }) => answerOf(steps, runId));
  const isLast = useChat(({ steps }) => steps.order.findLast((id) => steps.byId[id]?.type === 'run') === runId);
  const isAsking = useChat(({ ask }) => ask !== null);
  const canJudge = useApp(({ settings }) => Boolean(settings?.dataPersistence));
  const canEdit = useApp(({ settings }) => Boolean(settings?.features.edit_message));
  const isQuiet = useChat(({ isWorking }) => !isWorking);
  if (!run || !(run.end || run.isError) || !text) return null;
  const question = run.parentId;
  // Faint rather than absent until it is needed: nothing moves.
  const faint = isLast ? '' : 'opacity-0 group-hover/run:opacity-100 focus-within:opacity-100 [@media(hover:none)]:opacity-100';
  return (
    <div className={`-mt-3 -mb-3 flex min-h-8 [@media(hover:none)]:mb-0 flex-wrap items-center gap-0.5 pl-9 text-muted transition-opacity ${faint}`} data-testid="answer-bar">
      <CopyButton text={text} label="Copy the answer" />
      {canAct && canJudge ? <Thumbs run={run} /> : null}
      {canAct && canEdit && isLast && question && isQuiet && !isAsking
        ? <RegenerateButton question={question} /> : null}
      <Version run={run} />
    </div>
  );
}

function Version({ run }: { run: Step }) {
  const { bot, version, turn } = run.metadata ?? {};
  if (typeof bot !== 'string' || typeof version !== 'number') return null;
  return (
    <span
      data-testid="version" title={typeof turn === 'string' ? `Turn ${turn}` : undefined}
      className="ml-1 text-xs opacity-0 transition-opacity group-hover/run:opacity-100 group-focus-within/run:opacity-100 [@media(hover:none)]:opacity-100"
    >
      {bot} · version {version}{durationText(run)}
    </span>
  );
}

function durationText(run: Step): string {
  const text = durationOf(run.start, run.end);
  return text ? ` · ${text}` : '';
}

function RegenerateButton({ question }: { question: string }) {
  const text = useChat(({ steps }) => {
    const step = steps.byId[question];
    return step?.type === 'user_message' ? step.output : null;
  });
  if (text === null) return null;
  return <IconButton small label="Answer again" onClick={() => edit(question, text)}><RefreshCw size={15} /></IconButton>;
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <IconButton small label={isCopied ? 'Copied' : label} onClick={() => copy(text)}>
      {isCopied ? <Check size={15} className="text-good" /> : <Copy size={15} />}
    </IconButton>
  );
}

/** All that the bot said in a turn. */
function answerOf(steps: Steps, runId: string): string {
  const texts: string[] = [];
  const collect = (id: string) => {
    for (const child of steps.tree.children[id] ?? []) {
      const step = steps.byId[child];
      if (step?.type === 'assistant_message' && !step.isError && !step.waitForAnswer) texts.push(step.output);
      if (step?.type !== 'run') collect(child);
    }
  };
  collect(runId);
  return texts.filter(Boolean).join('\n\n');
}
