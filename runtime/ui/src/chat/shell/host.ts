import { act, deleteElement, putElement, say } from '../connection/chat';
import { uuid } from '../connection/tab';
import type { ElementHost } from '../elements/host';

/** What components of bots may do here. */
export const host: ElementHost = {
  callAction: (action) => act({ ...action, id: uuid(), label: action.name }),
  updateElement: putElement,
  deleteElement,
  sendUserMessage: (text) => say(text),
};
