import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';

import { InlineElements } from '../elements/Elements';
import type { Element } from '../protocol';
import { useChat } from '../store/chat';

/** What belongs to a message, in the order in which it came. */
function useElementsOf(messageId: string): Element[] {
  return useChat(useShallow(({ elements }) => Object.values(elements).filter((it) => it.forId === messageId)));
}

export function MessageElements({ id }: { id: string }) {
  const all = useElementsOf(id);
  const sessionId = useChat((state) => state.sessionId);
  // While a question is open its component is in the panel of the question.
  const asked = useChat(({ ask }) => ask?.spec.element_id ?? null);
  const inline = useMemo(() => all.filter((it) => it.display === 'inline' && it.id !== asked), [all, asked]);
  if (inline.length === 0) return null;
  return <div className="mt-3"><InlineElements elements={inline} sessionId={sessionId} /></div>;
}

/** Elements whose names in the text are links to them. */
export function useLinkable(messageId: string): Element[] {
  const all = useElementsOf(messageId);
  return useMemo(() => all.filter((it) => it.display !== 'inline'), [all]);
}
