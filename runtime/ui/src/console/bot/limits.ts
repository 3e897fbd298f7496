import type { LimitValue } from '../api/types';

export type Kind = 'size' | 'time' | 'count';

export interface LimitSpec {
  key: string;
  label: string;
  note: string;
  kind: Kind;
}

/** As `domain/limits.rs` has them. */
export const SPECS: LimitSpec[] = [
  { key: 'memory', label: 'Memory of a turn', note: 'All linear memories and tables of the component together', kind: 'size' },
  { key: 'cpu', label: 'Computing time of a turn', note: 'While its own code runs; waiting does not count', kind: 'time' },
  { key: 'wall', label: 'Duration of a turn', note: 'Waiting included, but not for answers to its questions', kind: 'time' },
  { key: 'emits', label: 'Emits of a turn', note: 'Everything that it shows or changes counts', kind: 'count' },
  { key: 'emit_bytes', label: 'All emits of a turn', note: 'Together', kind: 'size' },
  { key: 'emit_size', label: 'One emit', note: 'Without the content of elements', kind: 'size' },
  { key: 'element_size', label: 'One element', note: 'Its content', kind: 'size' },
  { key: 'open_resources', label: 'Open streams and steps', note: 'At once, in a turn', kind: 'count' },
  { key: 'state', label: 'State of a session', note: 'All keys and values together', kind: 'size' },
  { key: 'store', label: 'Store of the bot', note: 'All keys and values that its sessions share', kind: 'size' },
  { key: 'files', label: 'Files of a session', note: 'All together', kind: 'size' },
  { key: 'http_requests', label: 'HTTP requests of a turn', note: 'To the hosts that are granted', kind: 'count' },
  { key: 'http_bytes', label: 'HTTP bodies of a turn', note: 'Of all requests and answers together', kind: 'size' },
  { key: 'http_timeout', label: 'Silence of an HTTP answer', note: 'Before its head, and between pieces of its body', kind: 'time' },
  { key: 'model_calls_per_minute', label: 'Calls of models in a minute', note: 'Over all sessions of the bot', kind: 'count' },
  { key: 'model_tokens_per_hour', label: 'Tokens of models in an hour', note: 'Over all sessions of the bot', kind: 'count' },
  { key: 'concurrent_turns', label: 'Turns at once', note: 'Over all sessions of the bot', kind: 'count' },
  { key: 'log_lines_per_second', label: 'Log lines in a second', note: 'More than that are dropped', kind: 'count' },
];

export const UNITS: Record<Kind, string[]> = {
  size: ['KiB', 'MiB', 'GiB', 'bytes'],
  time: ['ms', 's', 'm', 'h'],
  count: [],
};

const MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A limit as a form holds it. */
export interface Written {
  amount: string;
  unit: string;
}

/** Takes a value of the API apart; what cannot be taken apart is kept whole, without a unit. */
export function written(value: LimitValue, kind: Kind): Written {
  const text = String(value).trim();
  if (kind === 'count') return { amount: text, unit: '' };
  if (kind === 'time') return writtenTime(text);
  const [, amount, unit] = /^(\d+) *([KMG]iB|bytes|B)?$/i.exec(text) ?? [];
  if (!amount) return { amount: text, unit: 'bytes' };
  return { amount, unit: UNITS.size.find((known) => known.toLowerCase() === unit?.toLowerCase()) ?? 'bytes' };
}

function writtenTime(text: string): Written {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?) *(ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (MS[unit ?? ''] ?? 0), 0);
  const unit = ['h', 'm', 's'].find((one) => total >= (MS[one] ?? 0) && total % (MS[one] ?? 1) === 0) ?? 'ms';
  return { amount: String(total / (MS[unit] ?? 1)), unit };
}

/** The value for the API. */
export function valueOf({ amount, unit }: Written, kind: Kind): LimitValue {
  if (kind === 'count') return Number(amount);
  return kind === 'size' ? `${amount} ${unit}` : `${amount}${unit}`;
}

/** Why a limit cannot be this; none if it can. The server has the last word. */
export function fault({ amount }: Written): string | null {
  return /^\d{1,15}$/.test(amount) && Number(amount) > 0 ? null : 'Write a whole number above 0.';
}
