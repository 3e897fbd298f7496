import type { Element as Node, ElementContent, Root, RootContent, Text } from 'hast';

import type { Element } from '../protocol';

/** Rehype plugin: words that are the name of an element at the side or on a page become links to it. */
export function linkElements(elements: Element[]) {
  const byName = new Map(elements.map((element) => [element.name, element]));
  // The longest first: of `report` and `report 2` the text means the one that it says whole.
  const names = [...byName.keys()].sort((one, other) => other.length - one.length).map(escapeRegExp);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(${names.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  return (tree: Root): void => visit(tree, (text) => replace(text, pattern, byName));
}

function visit(parent: Root | Node, replacement: (text: Text) => ElementContent[]): void {
  const children: (RootContent | ElementContent)[] = [];
  for (const child of parent.children) {
    if (child.type === 'text') {
      children.push(...replacement(child));
      continue;
    }
    if (child.type === 'element' && !['a', 'code', 'pre'].includes(child.tagName)) visit(child, replacement);
    children.push(child);
  }
  parent.children = children as ElementContent[];
}

function replace(text: Text, pattern: RegExp, byName: Map<string, Element>): ElementContent[] {
  return text.value.split(pattern).flatMap((part): ElementContent[] => {
    const element = byName.get(part);
    if (!element) return part === '' ? [] : [{ type: 'text', value: part }];
    const properties = { href: elementPageUrl(element), dataElement: element.id };
    return [{ type: 'element', tagName: 'a', properties, children: [{ type: 'text', value: part }] }];
  });
}

function elementPageUrl({ id, threadId }: Element): string {
  const thread = threadId ? `?thread=${encodeURIComponent(threadId)}` : '';
  return `/element/${encodeURIComponent(id)}${thread}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
