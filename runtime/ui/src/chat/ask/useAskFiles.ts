import { useState } from 'react';

import type { AskSpec } from '../protocol';
import { acceptList, acceptWords, isAccepted } from './accept';
import type { AskPanelProps } from './props';

export interface Sending {
  key: string;
  name: string;
  size: number;
  /** From 0 to 1. */
  share: number;
}

interface AskFiles {
  sendings: Sending[];
  trouble: string | null;
  isBusy: boolean;
  send: (files: File[]) => Promise<void>;
}

/** Uploads what was chosen and answers the question with it. */
export function useAskFiles({ ask, upload }: AskPanelProps): AskFiles {
  const [sendings, setSendings] = useState<Sending[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const uploadOne = async (file: File, at: number) => {
    const setShare = (share: number) => setSendings((before) => before.map((sending, place) => (place === at ? { ...sending, share } : sending)));
    const { id } = await upload(file, setShare);
    setShare(1);
    return { id };
  };

  const send = async (files: File[]) => {
    if (files.length === 0) return;
    const problem = problemOf(files, ask.spec);
    setTrouble(problem);
    if (problem !== null) return;
    setBusy(true);
    setSendings(files.map(({ name, size }, at) => ({ key: `${at} ${name}`, name, size, share: 0 })));
    try {
      ask.answer(await Promise.all(files.map(uploadOne)));
    } catch (error) {
      setSendings([]);
      setBusy(false);
      setTrouble(error instanceof Error && error.message !== '' ? error.message : 'The file could not be sent. Please try again.');
    }
  };
  return { sendings, trouble, isBusy, send };
}

function problemOf(files: File[], { accept, max_files: most = 1, max_size_mb: megabytes }: AskSpec): string | null {
  if (files.length > most) return `At most ${most === 1 ? 'one file' : `${most} files`}, please; these are ${files.length}.`;
  const list = acceptList(accept);
  for (const file of files) {
    if (!isAccepted(file, list)) return `“${file.name}” does not fit: ${acceptWords(list)}, please.`;
    if (file.size === 0) return `“${file.name}” is empty.`;
    if (megabytes !== undefined && file.size > megabytes * 1_000_000) return `“${file.name}” is larger than ${megabytes.toLocaleString()} MB.`;
  }
  return null;
}
