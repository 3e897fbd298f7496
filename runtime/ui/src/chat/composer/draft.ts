import { useCallback, useEffect, useState } from 'react';

const key = (thread: string | null) => `chinwag-draft-${thread ?? 'new'}`;

/** What is typed and not sent, kept for each conversation of this tab. */
export function useDraft(thread: string | null): [string, (text: string) => void] {
  const [kept, setKept] = useState({ thread, text: sessionStorage.getItem(key(thread)) ?? '' });
  const write = useCallback((text: string) => {
    if (text) sessionStorage.setItem(key(thread), text);
    else sessionStorage.removeItem(key(thread));
    setKept({ thread, text });
  }, [thread]);

  useEffect(() => {
    if (kept.thread === thread) return;
    // A conversation that gets its id goes on: what is typed meanwhile goes with it.
    const isSame = kept.thread === null && kept.text !== '';
    const text = isSame ? kept.text : sessionStorage.getItem(key(thread)) ?? '';
    if (isSame) {
      sessionStorage.removeItem(key(null));
      sessionStorage.setItem(key(thread), text);
    }
    setKept({ thread, text });
  }, [thread, kept]);

  return [kept.text, write];
}
