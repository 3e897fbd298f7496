import { lazy, memo, Suspense } from 'react';

import type { Element } from '../protocol';
import './markdown.css';

export interface MarkdownProps {
  text: string;
  isStreaming?: boolean;
  elements?: Element[];
  onElement?: (element: Element) => void;
}

const load = () => import('./MarkdownBlocks');
const MarkdownBlocks = lazy(load);

// The first view has no message, the next one has: the parser comes in between.
window.addEventListener('load', () => setTimeout(() => void load().catch(() => undefined), 500), { once: true });

/** Markdown of a bot or a user; plain text as long as the parser is on its way. */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<div className="markdown whitespace-pre-wrap">{props.text}</div>}>
      <MarkdownBlocks {...props} />
    </Suspense>
  );
});
