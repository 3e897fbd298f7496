import { createContext } from 'react';

import type { Dict } from '../protocol';

/** How a component answers the question that it was shown for. */
export interface ElementAnswer {
  submit(values: Dict): void;
  cancel(): void;
}

export const ElementAnswerContext = createContext<ElementAnswer | null>(null);
