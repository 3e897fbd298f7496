import { ChevronRight, CircleAlert, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';

import { durationOf } from '../../shared/time';
import { Icon } from '../../shared/ui/Icon';
import { Markdown } from '../markdown/Markdown';
import type { Step } from '../protocol';
import { useChat } from '../store/chat';
import { childrenOf } from '../store/steps';
import { Below } from './StepNode';
import { fenced } from './text';

/** A tool call, a thought, a look-up: folded to one line, with what went in and what came out below it. */
export function StepFold({ id }: { id: string }) {
  const step = useChat(({ steps }) => steps.byId[id]);
  const hasChildren = useChat(({ steps }) => childrenOf(steps, id).length > 0);
  const isRunning = useIsRunning(step);
  const [isOpen, setOpen] = useFold(step, isRunning);
  if (!step) return null;
  const hasBody = Boolean(step.output || step.input || hasChildren);
  return (
    <li className="list-none" data-step-type={step.type} data-step-name={step.name} id={`step-${step.name}`}>
      <button
        type="button" aria-expanded={isOpen} disabled={!hasBody} onClick={() => setOpen(!isOpen)}
        className={`flex min-h-8 max-w-full items-center gap-2 rounded-lg py-1 pr-2 text-left text-sm ${hasBody ? 'cursor-pointer hover:text-ink' : ''} ${step.isError ? 'text-bad' : 'text-muted'}`}
      >
        <Sign step={step} isRunning={isRunning} />
        <span className="min-w-0 truncate">
          {isRunning ? 'Using' : step.isError ? 'Failed' : 'Used'} <span className="font-medium">{step.name}</span>
        </span>
        <span className="shrink-0 text-xs tabular-nums">{durationOf(step.start, step.end)}</span>
        {hasBody ? <ChevronRight size={14} aria-hidden className={`shrink-0 transition-transform ${isOpen ? 'rotate-90' : ''}`} /> : null}
      </button>
      {isOpen && hasBody ? <Body step={step} hasChildren={hasChildren} /> : null}
    </li>
  );
}

function Sign({ step, isRunning }: { step: Step; isRunning: boolean }) {
  if (isRunning) return <LoaderCircle size={14} className="shrink-0 animate-spin text-accent" aria-label="running" />;
  if (step.isError) return <CircleAlert size={14} className="shrink-0" aria-label="failed" />;
  const icon = step.icon ?? step.metadata?.icon;
  if (typeof icon === 'string' && icon) return <Icon name={icon} size={14} />;
  return <span aria-hidden className="mx-1 size-1.5 shrink-0 rounded-full bg-muted/60" />;
}

function Body({ step, hasChildren }: { step: Step; hasChildren: boolean }) {
  const input = step.showInput && step.input ? step.input : '';
  return (
    <div className="mt-1 ml-[6px] flex flex-col gap-3 border-l border-line pl-4">
      {input ? <Part title="Input" text={fenced(input, typeof step.showInput === 'string' ? step.showInput : null)} /> : null}
      {hasChildren ? <ol className="flex flex-col gap-2"><Below id={step.id} /></ol> : null}
      {step.output ? <Part title={step.isError ? 'Error' : 'Output'} text={fenced(step.output, step.language)} isStreaming={step.streaming} /> : null}
    </div>
  );
}

function Part({ title, text, isStreaming }: { title: string; text: string; isStreaming?: boolean }) {
  return (
    <section className="min-w-0 text-sm">
      <h3 className="mb-0.5 text-xs font-medium text-muted">{title}</h3>
      <Markdown text={text} isStreaming={isStreaming} />
    </section>
  );
}

/** A step runs while it has no end and the bot is at work: after a crash nothing would say so. */
function useIsRunning(step: Step | undefined): boolean {
  const isWorking = useChat((state) => state.isWorking);
  return Boolean(isWorking && step?.start && !step.end && !step.isError);
}

/** Open as the bot wants it, until the user decides. */
function useFold(step: Step | undefined, isRunning: boolean): [boolean, (open: boolean) => void] {
  const [choice, setChoice] = useState<boolean | null>(null);
  const closesItself = Boolean(step?.autoCollapse);
  useEffect(() => {
    if (!isRunning && closesItself) setChoice(null);
  }, [isRunning, closesItself]);
  const byDefault = Boolean(step?.defaultOpen) && (isRunning || !closesItself);
  return [choice ?? byDefault, setChoice];
}
