/** Runs in the audio thread: collects what the microphone gives into chunks of signed 16-bit samples. */

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** 8192 bytes, as the protocol has it. */
const CHUNK_SAMPLES = 4096;

class Recorder extends AudioWorkletProcessor {
  #samples = new Int16Array(CHUNK_SAMPLES);
  #length = 0;
  #hasSound = false;

  process([input]: Float32Array[][]): boolean {
    for (const sample of input?.[0] ?? []) {
      // A microphone that wakes up gives zeros first.
      this.#hasSound ||= sample !== 0;
      if (this.#hasSound) this.#push(sample);
    }
    return true;
  }

  #push(sample: number): void {
    this.#samples[this.#length] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
    this.#length += 1;
    if (this.#length === CHUNK_SAMPLES) this.#send();
  }

  #send(): void {
    const chunk = this.#samples.slice();
    this.#length = 0;
    this.port.postMessage(chunk.buffer, [chunk.buffer]);
  }
}

registerProcessor('chinwag-recorder', Recorder);
