import { levelOf } from './level';
import { Player } from './Player';
import { Recorder, VoiceError } from './Recorder';

export type CallState = 'off' | 'connecting' | 'on';

export interface CallView {
  state: CallState;
  level: number;
  playing: boolean;
}

export const CALL_OFF: CallView = { state: 'off', level: 0, playing: false };

const PATIENCE = 10_000;

interface Emitter {
  emit(event: string, ...args: unknown[]): void;
}

/** One conversation by voice, from the click to its end. */
export class Call {
  #socket: Emitter;
  #onChange: (view: Partial<CallView>) => void;
  #context: AudioContext;
  #player: Player;
  #recorder: Recorder | null = null;
  #began = 0;
  #isFirst = true;
  #isAsked = false;
  #isCancelled = false;
  #isOver = false;
  #accept!: () => void;
  #refuse!: (error: VoiceError) => void;
  #accepted = new Promise<void>((resolve, reject) => {
    this.#accept = resolve;
    this.#refuse = reject;
  });

  constructor(socket: Emitter, sampleRate: number, onChange: (view: Partial<CallView>) => void) {
    this.#socket = socket;
    this.#onChange = onChange;
    // In the click itself: later the browser would not let it play.
    this.#context = new AudioContext({ sampleRate });
    this.#player = new Player(this.#context, sampleRate, (playing) => onChange({ playing }));
    // It may be refused while nobody waits for it yet.
    this.#accepted.catch(() => undefined);
  }

  /** Resolves when the server listens. The microphone comes first: no bot is called for one that is denied. */
  async begin(): Promise<void> {
    this.#onChange({ ...CALL_OFF, state: 'connecting' });
    try {
      await this.#context.resume();
      this.#recorder = await Recorder.open(this.#context);
      if (this.#isOver) return this.#recorder.close();
      this.#socket.emit('audio_start');
      this.#isAsked = true;
      const timer = setTimeout(() => this.#refuse(new VoiceError('The bot does not answer calls.')), PATIENCE);
      await this.#accepted.finally(() => clearTimeout(timer));
    } catch (error) {
      this.#close();
      if (!this.#isCancelled) throw error;
    }
  }

  accept(): void {
    if (this.#isOver || this.#began !== 0) return;
    this.#began = Date.now();
    this.#recorder?.start((chunk) => this.#send(chunk));
    this.#onChange({ state: 'on' });
    this.#accept();
  }

  /** The server does not listen, or no longer. */
  refuse(): void {
    this.#refuse(new VoiceError('The bot did not take the call.'));
    this.#close();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isCancelled = true;
    if (this.#isAsked) this.#socket.emit('audio_end');
    this.#accept();
    this.#close();
  }

  play(track: string, data: ArrayBuffer): void {
    if (!this.#isOver) this.#player.play(track, data);
  }

  interrupt(): void {
    if (!this.#isOver) this.#player.interrupt();
  }

  #send(data: ArrayBuffer): void {
    this.#onChange({ level: levelOf(data) });
    this.#socket.emit('audio_chunk', { isStart: this.#isFirst, mimeType: 'pcm16', elapsedTime: Date.now() - this.#began, data });
    this.#isFirst = false;
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#recorder?.close();
    this.#player.stop();
    void this.#context.close();
    this.#onChange(CALL_OFF);
  }
}
