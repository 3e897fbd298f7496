import type { Action, Dict, Element, Json } from '../../protocol';
import type { ElementAnswer } from '../answer';
import type { ElementHost } from '../host';

/** What components of the Chainlit dialect find as globals. */
export interface Functions {
  updateElement(props: Dict): Promise<void>;
  deleteElement(): Promise<void>;
  callAction(action: Pick<Action, 'name'> & Partial<Action>): Promise<Json>;
  sendUserMessage(text: string): void;
  submitElement(values?: Dict): void;
  cancelElement(): void;
}

interface Around {
  element: Element;
  host: ElementHost | null;
  answer: ElementAnswer | null;
}

export function functionsFor(around: () => Around): Functions {
  const hosted = (): ElementHost => {
    const { host } = around();
    if (!host) throw new Error('This page is only for reading.');
    return host;
  };
  return {
    updateElement: async (props) => hosted().updateElement({ ...around().element, props }),
    deleteElement: async () => hosted().deleteElement(around().element),
    callAction: async (action) => hosted().callAction({ payload: {}, forId: around().element.forId, ...action }),
    sendUserMessage: (text) => hosted().sendUserMessage(text),
    submitElement: (values = {}) => around().answer?.submit(values),
    cancelElement: () => around().answer?.cancel(),
  };
}
