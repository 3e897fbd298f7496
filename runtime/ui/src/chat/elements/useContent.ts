import { useCallback, useEffect, useState } from 'react';

export type Content =
  | { state: 'loading' }
  | { state: 'ready'; text: string }
  | { state: 'failed'; reason: string };

const LOADING: Content = { state: 'loading' };
const MOST_KEPT = 60;
/** A changed element gets a new address, so what was fetched stays true. */
const kept = new Map<string, Content>();

/** The text behind an address. */
export function useContent(address: string | null): Content & { retry?: () => void } {
  const [content, setContent] = useState<Content>(() => initial(address));
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setContent(initial(address));
    if (address === null || kept.has(address)) return;
    const abort = new AbortController();
    const load = async () => {
      const content = await fetchText(address, abort.signal);
      if (abort.signal.aborted) return;
      if (content.state === 'ready') keep(address, content);
      setContent(content);
    };
    void load();
    return () => abort.abort();
  }, [address, attempt]);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  return address === null ? content : { ...content, retry };
}

function initial(address: string | null): Content {
  if (address === null) return { state: 'failed', reason: 'There is nothing behind it.' };
  return kept.get(address) ?? LOADING;
}

function keep(address: string, content: Content): void {
  const oldest = kept.keys().next().value;
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(address, content);
}

async function fetchText(address: string, signal: AbortSignal): Promise<Content> {
  try {
    const response = await fetch(address, { signal });
    if (response.ok) return { state: 'ready', text: await response.text() };
    return { state: 'failed', reason: response.status === 404 ? 'It is not there any more.' : `The server answered ${response.status}.` };
  } catch {
    return { state: 'failed', reason: 'It could not be fetched.' };
  }
}
