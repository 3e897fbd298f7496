import { memo, useMemo, useRef } from 'react';

import type { Element } from '../protocol';
import { Block } from './Block';
import { splitBlocks, type Split } from './splitBlocks';
import type { MarkdownProps } from './Markdown';

const NO_ELEMENTS: Element[] = [];

/** The text in its blocks. Those that are complete are not drawn again while the rest streams in. */
export default memo(function MarkdownBlocks({ text, isStreaming = false, elements = NO_ELEMENTS, onElement }: MarkdownProps) {
  const last = useRef<Split | undefined>(undefined);
  const split = useMemo(() => (last.current = splitBlocks(text, last.current)), [text]);
  const linked = useLinked(elements);
  return (
    <div className={isStreaming ? 'markdown markdown-streaming' : 'markdown'}>
      {split.blocks.map((block, index) => (
        <Block
          key={block.start}
          source={split.definitions === '' ? block.source : `${block.source}\n\n${split.definitions}`}
          isGrowing={isStreaming && index === split.blocks.length - 1}
          linked={linked}
          onElement={onElement}
        />
      ))}
      {isStreaming && split.blocks.length === 0 && <p />}
    </div>
  );
});

/** Elements to which words of the text lead; the same array as long as they are the same. */
function useLinked(elements: Element[]): Element[] {
  const kept = useRef(NO_ELEMENTS);
  const linked = elements.filter(({ display, name }) => display !== 'inline' && name !== '');
  const isSame = linked.length === kept.current.length && linked.every((element, at) => element === kept.current[at]);
  if (!isSame) kept.current = linked;
  return kept.current;
}
