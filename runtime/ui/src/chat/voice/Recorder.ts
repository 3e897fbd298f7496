import workletUrl from './recorder.worklet.ts?worker&url';

/** The microphone as chunks of PCM, signed 16-bit little-endian, mono. */
export class Recorder {
  #context: AudioContext;
  #stream: MediaStream;
  #node: AudioWorkletNode | null = null;
  #source: MediaStreamAudioSourceNode | null = null;

  private constructor(context: AudioContext, stream: MediaStream) {
    this.#context = context;
    this.#stream = stream;
  }

  /** Asks for the microphone; nothing is recorded before `start`. */
  static async open(context: AudioContext): Promise<Recorder> {
    // Browsers have neither on pages that are not from a safe origin.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices || !('audioWorklet' in context)) throw new VoiceError('The microphone works on pages with https only.');
    const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const stream = await devices.getUserMedia({ audio }).catch((error: unknown) => {
      throw new VoiceError(microphoneTrouble(error));
    });
    const recorder = new Recorder(context, stream);
    try {
      await context.audioWorklet.addModule(workletUrl);
      return recorder;
    } catch {
      recorder.close();
      throw new VoiceError('The recorder could not be loaded.');
    }
  }

  start(onChunk: (chunk: ArrayBuffer) => void): void {
    if (this.#node) return;
    this.#source = this.#context.createMediaStreamSource(this.#stream);
    this.#node = new AudioWorkletNode(this.#context, 'chinwag-recorder', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    this.#node.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => onChunk(data);
    this.#source.connect(this.#node);
  }

  close(): void {
    if (this.#node) this.#node.port.onmessage = null;
    this.#source?.disconnect();
    this.#node?.disconnect();
    for (const track of this.#stream.getTracks()) track.stop();
  }
}

/** Its message is for the user. */
export class VoiceError extends Error {}

function microphoneTrouble(error: unknown): string {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The microphone is blocked. Allow it for this page in the browser’s settings and try again.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'There is no microphone.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone cannot be used now; perhaps another program has it.';
    default:
      return 'The microphone could not be opened.';
  }
}
