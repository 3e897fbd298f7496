import { PanelRight } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';

import type { Element } from '../protocol';

type LinkProps = ComponentProps<'a'> & {
  'data-element'?: string;
  elements: Element[];
  onElement: ((element: Element) => void) | undefined;
};

export function Link({ elements, onElement, 'data-element': elementId, href, children, ...rest }: LinkProps) {
  const element = elements.find(({ id }) => id === elementId);
  if (element) return <ElementLink href={href} element={element} onElement={onElement}>{children}</ElementLink>;
  // What is no allowed address stays text.
  if (!href) return <span>{children}</span>;
  if (href.startsWith('#')) return <a {...rest} href={href}>{children}</a>;
  return <a {...rest} href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>;
}

interface ElementLinkProps {
  href: string | undefined;
  element: Element;
  onElement: ((element: Element) => void) | undefined;
  children: ReactNode;
}

function ElementLink({ href, element, onElement, children }: ElementLinkProps) {
  return (
    <a
      className="element-link"
      href={href}
      onClick={(event) => {
        // With a modifier key the browser opens the element's own page.
        if (!onElement || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onElement(element);
      }}
    >
      {children}
      {element.display === 'side' && <PanelRight aria-hidden className="ml-0.5 inline size-3.5 align-[-0.1em]" />}
    </a>
  );
}

export function Picture({ src, alt, title }: { src: string; alt: string; title: string | undefined }) {
  const [isBroken, setBroken] = useState(false);
  if (src === '' || isBroken) return <span className="markdown-no-picture">{alt === '' ? 'Picture' : alt} (cannot be shown)</span>;
  return <img src={src} alt={alt} title={title} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />;
}

/** A wide table scrolls by itself instead of widening the page; by keyboard too. */
export function Table({ children }: { children: ReactNode }) {
  return (
    <div className="markdown-table" role="region" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}
