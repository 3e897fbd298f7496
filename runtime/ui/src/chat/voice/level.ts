/** How loud a chunk is, from 0 to 1, on a scale that speech fills. */
export function levelOf(chunk: ArrayBuffer): number {
  const samples = new Int16Array(chunk);
  if (samples.length === 0) return 0;
  const power = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length;
  const decibels = 10 * Math.log10(power + 1e-10);
  return Math.min(1, Math.max(0, (decibels + 55) / 45));
}
