import type { Element as Node, ElementContent } from 'hast';
import { memo } from 'react';

import { CopyButton } from './CopyButton';
import { HighlightedCode } from './HighlightedCode';

/** A `<pre>` of the Markdown tree. */
export function CodeBlock({ node, isGrowing }: { node: Node | undefined; isGrowing: boolean }) {
  const code = node?.children.find((child): child is Node => child.type === 'element' && child.tagName === 'code');
  const text = textOf(code?.children ?? []).replace(/\n$/, '');
  return <Code text={text} language={languageOf(code)} isGrowing={isGrowing} />;
}

interface CodeProps {
  text: string;
  language: string;
  isGrowing?: boolean;
}

/** Code with its language and a button that copies it. */
export const Code = memo(function Code({ text, language, isGrowing = false }: CodeProps) {
  return (
    <figure className="code-block" aria-label={language === '' ? 'Code' : `Code, ${language}`}>
      <figcaption>
        <span>{language === '' ? 'text' : language}</span>
        <CopyButton text={text} label="Copy code" />
      </figcaption>
      <pre tabIndex={0}>
        <code><HighlightedCode text={text} language={language} isGrowing={isGrowing} /></code>
      </pre>
    </figure>
  );
});

function languageOf(code: Node | undefined): string {
  const classes = code?.properties.className;
  const found = Array.isArray(classes) ? classes.map(String).find((name) => name.startsWith('language-')) : undefined;
  return found?.slice('language-'.length).toLowerCase() ?? '';
}

function textOf(nodes: ElementContent[]): string {
  return nodes.map((node) => (node.type === 'text' ? node.value : node.type === 'element' ? textOf(node.children) : '')).join('');
}
