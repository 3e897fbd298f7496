import { createContext, useContext } from 'react';

/** Who looks at a conversation: whoever takes part in it, or somebody who only reads. */
export interface ReaderValue {
  canAct: boolean;
  openElement(id: string): void;
}

export const Reader = createContext<ReaderValue>({ canAct: false, openElement: () => undefined });

export const useReader = () => useContext(Reader);
