import type { Json, Widget } from '../protocol';

/** What each kind of control gets. */
export interface InputProps {
  widget: Widget;
  value: Json;
  labelId: string;
  describedBy: string | undefined;
  isWrong: boolean;
  onChange(value: Json): void;
}

export const FIELD = 'min-h-10 w-full min-w-0 rounded-lg border border-line bg-page px-3 text-sm placeholder:text-muted disabled:opacity-55 aria-invalid:border-bad';
