import { ChevronDown, Circle, CircleCheck, CircleX, CornerRightUp, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { useContent } from '../elements/useContent';
import { Markdown } from '../markdown/Markdown';
import type { Element } from '../protocol';
import { parseTasks, type Task, type Tasks, type TaskStatus } from './tasks';

const LOOKS: Record<TaskStatus, { Icon: LucideIcon; color: string; word: string }> = {
  ready: { Icon: Circle, color: 'text-muted', word: 'To do' },
  running: { Icon: LoaderCircle, color: 'text-accent', word: 'Running' },
  done: { Icon: CircleCheck, color: 'text-good', word: 'Done' },
  failed: { Icon: CircleX, color: 'text-bad', word: 'Failed' },
};

/** The newest list of tasks of a conversation. */
export function TaskList({ element }: { element: Element }) {
  const tasks = useTasks(element);
  const [isOpen, setOpen] = useState(true);
  if (!tasks) return null;
  const done = tasks.tasks.filter(({ status }) => status === 'done').length;
  return (
    <aside aria-label="Tasks" className="tasklist min-w-0 rounded-xl border border-line bg-raised text-sm">
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="flex min-h-11 w-full items-center gap-2 rounded-xl px-3.5 text-left">
        <span className="font-medium">Tasks</span>
        <span className="min-w-0 flex-1 truncate text-muted" role="status">{tasks.status}</span>
        <span className="text-xs text-muted tabular-nums" aria-label={`${done} of ${tasks.tasks.length} done`}>{done}/{tasks.tasks.length}</span>
        <ChevronDown aria-hidden className={`size-4 text-muted transition-transform ${isOpen ? '' : '-rotate-90'}`} />
      </button>
      <Bar share={tasks.tasks.length === 0 ? 0 : done / tasks.tasks.length} />
      {isOpen && (
        <ol className="max-h-[50dvh] overflow-y-auto p-1.5">
          {tasks.tasks.map((task, at) => <Item key={at} task={task} />)}
        </ol>
      )}
    </aside>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <div aria-hidden className="mx-3.5 h-0.5 overflow-hidden rounded-full bg-line">
      <div className="h-full bg-accent transition-[width] duration-300" style={{ width: `${share * 100}%` }} />
    </div>
  );
}

function Item({ task: { title, status, forId } }: { task: Task }) {
  const { Icon, color, word } = LOOKS[status];
  return (
    <li className={`task task-status-${status} flex min-w-0 gap-2.5 rounded-lg px-2 py-1.5`} aria-current={status === 'running' ? 'step' : undefined}>
      <Icon aria-label={word} role="img" className={`mt-1 size-4 shrink-0 ${color} ${status === 'running' ? 'animate-spin' : ''}`} />
      <div className={`min-w-0 flex-1 ${status === 'done' ? 'text-muted' : ''}`}><Markdown text={title} /></div>
      {forId && (
        <button type="button" aria-label="Show its message" title="Show its message" onClick={() => showStep(forId)} className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink">
          <CornerRightUp aria-hidden className="size-3.5" />
        </button>
      )}
    </li>
  );
}

function showStep(id: string): void {
  const step = document.getElementById(`step-${id}`) ?? document.querySelector(`[data-step-id="${CSS.escape(id)}"]`);
  step?.scrollIntoView({ behavior: 'smooth', block: 'center' });
}

/** The store gives the element its address. While the next state is on its way the last one stays, so that nothing flickers. */
function useTasks(element: Element): Tasks | null {
  const content = useContent(element.url ?? null);
  const text = content.state === 'ready' ? content.text : null;
  const fetched = useMemo(() => (text === null ? null : parseTasks(text)), [text]);
  const last = useRef<Tasks | null>(null);
  useEffect(() => {
    if (fetched) last.current = fetched;
  }, [fetched]);
  return fetched ?? last.current;
}
