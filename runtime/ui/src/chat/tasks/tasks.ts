import type { Json } from '../protocol';

export type TaskStatus = 'ready' | 'running' | 'done' | 'failed';

export interface Task {
  title: string;
  status: TaskStatus;
  /** The message that the task is about. */
  forId: string | null;
}

export interface Tasks {
  status: string;
  tasks: Task[];
}

export function parseTasks(text: string): Tasks | null {
  try {
    const list = JSON.parse(text) as { status?: Json; tasks?: Json } | null;
    if (!list || !Array.isArray(list.tasks)) return null;
    return { status: typeof list.status === 'string' ? list.status : '', tasks: list.tasks.map(parseTask) };
  } catch {
    return null;
  }
}

function parseTask(task: Json): Task {
  const { title, status, forId } = typeof task === 'object' && task !== null && !Array.isArray(task) ? task : {};
  return {
    title: typeof title === 'string' ? title : '',
    status: isStatus(status) ? status : 'ready',
    forId: typeof forId === 'string' && forId !== '' ? forId : null,
  };
}

function isStatus(value: Json | undefined): value is TaskStatus {
  return value === 'ready' || value === 'running' || value === 'done' || value === 'failed';
}
