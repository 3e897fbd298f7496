import type { AskSpec } from '../protocol';

type Accept = NonNullable<AskSpec['accept']>;

/** For the `accept` of a file field, and to judge what was dropped. */
export function acceptList(accept: Accept | undefined): string[] {
  if (!accept) return [];
  const list = Array.isArray(accept) ? accept : Object.entries(accept).flatMap(([mime, extensions]) => [mime, ...extensions]);
  return list.some((entry) => entry === '*' || entry === '*/*') ? [] : list;
}

export function isAccepted({ name, type }: File, list: string[]): boolean {
  if (list.length === 0) return true;
  const lower = name.toLowerCase();
  return list.some((entry) => {
    if (entry.startsWith('.')) return lower.endsWith(entry.toLowerCase());
    if (entry.endsWith('/*')) return type.startsWith(entry.slice(0, -1));
    // Systems that know no type of a file say none: then the server judges.
    return type === entry || type === '';
  });
}

const WORDS: Record<string, string> = {
  'image/*': 'pictures',
  'audio/*': 'sound',
  'video/*': 'videos',
  'text/*': 'text',
  'text/plain': 'plain text',
  'text/csv': 'CSV',
  'text/markdown': 'Markdown',
  'text/html': 'HTML',
  'application/json': 'JSON',
  'application/zip': 'ZIP',
  'application/msword': 'Word',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel',
};

/** The types for people: `plain text or PDF`. */
export function acceptWords(list: string[]): string {
  if (list.length === 0) return 'any kind of file';
  const words = [...new Set(list.map((entry) => WORDS[entry] ?? (entry.startsWith('.') ? entry : entry.split('/')[1]?.toUpperCase() ?? entry)))];
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(words);
}
