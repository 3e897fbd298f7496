import { Fragment, useEffect, useRef, useState } from 'react';

import type { HighlightedLine } from './highlight';

interface HighlightedCodeProps {
  text: string;
  language: string;
  isGrowing: boolean;
}

interface Highlighted {
  text: string;
  language: string;
  lines: HighlightedLine[];
}

const PAUSE_WHILE_GROWING = 400;
/** Beyond it colours cost more than they tell. */
const MOST_CHARACTERS = 60_000;

/** Code in colours as soon as they are there; plain until then, and what was added since. */
export function HighlightedCode({ text, language, isGrowing }: HighlightedCodeProps) {
  const done = useHighlighted(text, language, isGrowing);
  if (!done || done.language !== language || !text.startsWith(done.text)) return <>{text}</>;
  return (
    <>
      {done.lines.map((line, row) => (
        <Fragment key={row}>
          {row > 0 && '\n'}
          {line.map((token, at) => <span key={at} className="code-token" style={token.style}>{token.text}</span>)}
        </Fragment>
      ))}
      {text.slice(done.text.length)}
    </>
  );
}

function useHighlighted(text: string, language: string, isGrowing: boolean): Highlighted | null {
  const [done, setDone] = useState<Highlighted | null>(null);
  const lastRun = useRef(0);
  useEffect(() => {
    if (language === '' || text.length > MOST_CHARACTERS) return;
    let isCurrent = true;
    const run = async () => {
      lastRun.current = Date.now();
      const { highlight } = await import('./highlight');
      const lines = await highlight(text, language);
      if (isCurrent && lines) setDone({ text, language, lines });
    };
    const wait = isGrowing ? Math.max(0, lastRun.current + PAUSE_WHILE_GROWING - Date.now()) : 0;
    const timer = setTimeout(() => void run(), wait);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, language, isGrowing]);
  return done;
}
