import { useCallback, useRef, useState } from 'react';

import { words } from '../api';
import { upload } from '../connection/chat';
import { uuid } from '../connection/tab';
import type { FileRef } from '../protocol';
import type { UploadRules } from '../types';

export interface Attachment {
  key: string;
  name: string;
  size: number;
  /** Sent so far, 0 to 1. */
  share: number;
  file: FileRef | null;
  problem: string | null;
  abort: AbortController;
}

export interface Attachments {
  list: Attachment[];
  add(files: File[]): string[];
  remove(key: string): void;
  clear(): void;
}

/** Files on their way to the server; `add` returns why some were not taken. */
export function useAttachments(rules: UploadRules | undefined): Attachments {
  const [list, setList] = useState<Attachment[]>([]);
  const count = useRef(0);
  count.current = list.length;

  const change = useCallback((key: string, edit: Partial<Attachment>) => {
    setList((all) => all.map((it) => (it.key === key ? { ...it, ...edit } : it)));
  }, []);

  const add = useCallback((files: File[]) => {
    const problems: string[] = [];
    for (const file of files) {
      const problem = whyNot(file, count.current, rules);
      if (problem) {
        problems.push(problem);
        continue;
      }
      count.current += 1;
      const it: Attachment = { key: uuid(), name: file.name, size: file.size, share: 0, file: null, problem: null, abort: new AbortController() };
      setList((all) => [...all, it]);
      upload(file, (share) => change(it.key, { share }), null, it.abort.signal).then(
        (ref) => change(it.key, { file: ref, share: 1 }),
        (error: unknown) => change(it.key, { problem: words(error) }),
      );
    }
    return problems;
  }, [rules, change]);

  const remove = useCallback((key: string) => {
    setList((all) => {
      all.find((it) => it.key === key)?.abort.abort();
      return all.filter((it) => it.key !== key);
    });
  }, []);

  return { list, add, remove, clear: useCallback(() => setList([]), []) };
}

function whyNot(file: File, count: number, rules: UploadRules | undefined): string | null {
  if (!rules?.enabled) return 'This bot takes no files';
  if (count >= rules.max_files) return `A message takes at most ${rules.max_files} files`;
  if (file.size === 0) return `“${file.name}” is empty`;
  if (file.size > rules.max_size_mb * 1_000_000) return `“${file.name}” is larger than ${rules.max_size_mb} MB`;
  if (!isAccepted(file, rules.accept)) return `Files like “${file.name}” are not taken here`;
  return null;
}

function isAccepted(file: File, accept: UploadRules['accept']): boolean {
  const [types, endings] = Array.isArray(accept)
    ? [accept, accept.filter((it) => it.startsWith('.'))]
    : [Object.keys(accept), Object.values(accept).flat()];
  if (types.length === 0) return true;
  const byType = types.some((type) => {
    if (type === '*/*' || type === '*') return true;
    return type.endsWith('/*') ? file.type.startsWith(type.slice(0, -1)) : file.type === type;
  });
  return byType || endings.some((ending) => file.name.toLowerCase().endsWith(ending.toLowerCase()));
}

/** What the file dialog offers. */
export function acceptText(rules: UploadRules): string | undefined {
  const types = Array.isArray(rules.accept) ? rules.accept : [...Object.keys(rules.accept), ...Object.values(rules.accept).flat()];
  return types.includes('*/*') ? undefined : types.join(',');
}

export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
