import type { Element } from '../protocol';

export interface ViewProps {
  element: Element;
  sessionId: string;
  /** Whether it has a panel or a page to itself, instead of standing below a message. */
  isWhole: boolean;
}

const WIDTHS = { small: '14rem', medium: '26rem', large: '100%' };

/** How wide an element is below a message; the bot says it in words. */
export function maxWidthOf({ element, isWhole }: ViewProps, otherwise: keyof typeof WIDTHS): string {
  return isWhole ? '100%' : WIDTHS[element.size ?? otherwise];
}
