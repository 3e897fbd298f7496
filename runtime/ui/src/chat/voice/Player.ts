/** Plays what the server sends, one chunk right behind the other. */
export class Player {
  #context: AudioContext;
  #sampleRate: number;
  #onPlaying: (isPlaying: boolean) => void;
  #sources = new Set<AudioBufferSourceNode>();
  #muted = new Set<string>();
  #track: string | null = null;
  /** When the last chunk ends, in the context's time. */
  #end = 0;

  constructor(context: AudioContext, sampleRate: number, onPlaying: (isPlaying: boolean) => void) {
    this.#context = context;
    this.#sampleRate = sampleRate;
    this.#onPlaying = onPlaying;
  }

  play(track: string, data: ArrayBuffer): void {
    if (this.#muted.has(track) || data.byteLength < 2) return;
    this.#track = track;
    const source = this.#context.createBufferSource();
    source.buffer = this.#decode(data);
    source.connect(this.#context.destination);
    source.onended = () => this.#forget(source);
    this.#end = Math.max(this.#end, this.#context.currentTime);
    source.start(this.#end);
    this.#end += source.buffer.duration;
    this.#sources.add(source);
    this.#onPlaying(true);
  }

  /** Stops, for good what was on this track: chunks of it that are still on their way must not be heard. */
  interrupt(): void {
    if (this.#track !== null) this.#muted.add(this.#track);
    this.stop();
  }

  stop(): void {
    for (const source of this.#sources) source.stop();
    this.#sources.clear();
    this.#end = 0;
    this.#onPlaying(false);
  }

  #forget(source: AudioBufferSourceNode): void {
    if (this.#sources.delete(source) && this.#sources.size === 0) this.#onPlaying(false);
  }

  #decode(data: ArrayBuffer): AudioBuffer {
    const view = new DataView(data);
    const length = Math.floor(data.byteLength / 2);
    const buffer = this.#context.createBuffer(1, length, this.#sampleRate);
    const samples = buffer.getChannelData(0);
    for (let at = 0; at < length; at += 1) samples[at] = view.getInt16(at * 2, true) / 32_768;
    return buffer;
  }
}
