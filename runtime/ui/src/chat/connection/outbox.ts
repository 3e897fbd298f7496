import type { Socket } from 'socket.io-client';

import type { Step } from '../protocol';
import { apply } from '../store/batch';
import { chat } from '../store/chat';

/** How long the server must be silent after a reconnect before a message that it did not mention counts as lost. */
const SILENCE = 700;

export interface Outgoing {
  message: Step;
  fileReferences: { id: string }[];
}

/** The user's messages that the server has not confirmed: they are sent again when a connection comes back. */
export class Outbox {
  private waiting = new Map<string, Outgoing>();
  private lastHeard = 0;
  /** While it is found out what got lost, what is said waits its turn. */
  private isRecovering = false;

  constructor(private readonly socket: () => Socket | null) {}

  send(outgoing: Outgoing): void {
    const { id } = outgoing.message;
    this.waiting.set(id, outgoing);
    apply(({ state }) => { state.unsent = { ...state.unsent, [id]: outgoing.fileReferences }; });
    if (chat.get().link === 'up' && !this.isRecovering) this.transmit(outgoing);
  }

  /** Something came; whatever belongs to a message of the user shows that it arrived. */
  heard(step?: { id: string; parentId?: string | null }): void {
    this.lastHeard = Date.now();
    if (step) this.confirm(step.id);
    if (step?.parentId) this.confirm(step.parentId);
  }

  /** The connection is back: what got lost with the old one is sent again, once the server has said what it knows. */
  async reconnected(): Promise<void> {
    const socket = this.socket();
    this.isRecovering = false;
    if (this.waiting.size === 0 || !socket) return;
    const connection = socket.id;
    this.isRecovering = true;
    this.lastHeard = Date.now();
    while (Date.now() - this.lastHeard < SILENCE) await new Promise((resolve) => setTimeout(resolve, SILENCE / 4));
    // The connection that came after this one looks for itself.
    if (socket !== this.socket() || socket.id !== connection) return;
    this.isRecovering = false;
    for (const outgoing of this.waiting.values()) this.transmit(outgoing);
  }

  /** Messages of before a reload. */
  restore(): void {
    const { unsent, steps } = chat.get();
    for (const [id, fileReferences] of Object.entries(unsent)) {
      const message = steps.byId[id];
      if (message) this.waiting.set(id, { message, fileReferences });
    }
  }

  clear(): void {
    this.waiting.clear();
  }

  private transmit(outgoing: Outgoing): void {
    this.socket()?.emit('client_message', outgoing, () => this.confirm(outgoing.message.id));
  }

  private confirm(id: string): void {
    if (!this.waiting.delete(id)) return;
    apply(({ state }) => {
      const { [id]: _sent, ...rest } = state.unsent;
      state.unsent = rest;
    });
  }
}
