import { createContext, useContext } from 'react';

import type { Action, Element, Json } from '../protocol';

/** What the page does for the components that bots bring. */
export interface ElementHost {
  callAction(action: Omit<Action, 'id' | 'label'>): Promise<Json>;
  updateElement(element: Element): Promise<void>;
  deleteElement(element: Element): Promise<void>;
  sendUserMessage(text: string): void;
}

export const ElementHostContext = createContext<ElementHost | null>(null);

export function useElementHost(): ElementHost | null {
  return useContext(ElementHostContext);
}
