import type { Action, Ask, Element, FileRef } from '../protocol';

export interface AskPanelProps {
  ask: Ask;
  sessionId: string;
  upload: (file: File, onProgress: (share: number) => void) => Promise<FileRef>;
  elements: Element[];
  actions: Action[];
}
