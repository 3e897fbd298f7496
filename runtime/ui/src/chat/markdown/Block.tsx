import { memo, useMemo } from 'react';
import ReactMarkdown, { type Components, type Options } from 'react-markdown';
import remarkGfm from 'remark-gfm';

import type { Element } from '../protocol';
import { CodeBlock } from './CodeBlock';
import { linkElements } from './elementLinks';
import { hasMaths, useMaths } from './maths';
import { Link, Picture, Table } from './parts';
import { safeImageUrl, safeLinkUrl } from './urls';

interface BlockProps {
  source: string;
  isGrowing: boolean;
  linked: Element[];
  onElement: ((element: Element) => void) | undefined;
}

/** One top-level block, drawn again only if its own source changes. */
export const Block = memo(function Block({ source, isGrowing, linked, onElement }: BlockProps) {
  const maths = useMaths(hasMaths(source));
  const components = useMemo(() => componentsFor(isGrowing, linked, onElement), [isGrowing, linked, onElement]);
  const plugins = useMemo(() => pluginsFor(maths, linked), [maths, linked]);
  return (
    <ReactMarkdown {...plugins} components={components} urlTransform={transformUrl}>
      {maths ? maths.normalize(source) : source}
    </ReactMarkdown>
  );
});

function pluginsFor(maths: ReturnType<typeof useMaths>, linked: Element[]): Pick<Options, 'remarkPlugins' | 'rehypePlugins'> {
  const links: Options['rehypePlugins'] = linked.length > 0 ? [[linkElements, linked]] : [];
  return {
    remarkPlugins: [[remarkGfm, { singleTilde: false }], ...(maths?.remarkPlugins ?? [])],
    rehypePlugins: [...links, ...(maths?.rehypePlugins ?? [])],
  };
}

function componentsFor(isGrowing: boolean, linked: Element[], onElement: BlockProps['onElement']): Components {
  return {
    pre: ({ node }) => <CodeBlock node={node} isGrowing={isGrowing} />,
    a: ({ node: _, ...props }) => <Link {...props} elements={linked} onElement={onElement} />,
    img: ({ src, alt, title }) => <Picture src={typeof src === 'string' ? src : ''} alt={alt ?? ''} title={title} />,
    input: ({ checked }) => <input type="checkbox" disabled checked={checked === true} readOnly aria-label={checked === true ? 'Done' : 'Open'} />,
    table: ({ children }) => <Table>{children}</Table>,
  };
}

function transformUrl(url: string, key: string): string {
  return (key === 'src' ? safeImageUrl(url) : safeLinkUrl(url)) ?? '';
}
