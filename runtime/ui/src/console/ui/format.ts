const KIB = 1_024;

/** A number of bytes for people. */
export function bytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= KIB && unit < units.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toPrecision(3).replace(/\.?0+$/, '')} ${units[unit]}`;
}

/** A time that something took, given in seconds. */
export function seconds(value: number): string {
  if (value < 0.001) return `${Math.round(value * 1e6)} µs`;
  if (value < 1) return `${(value * 1e3).toPrecision(value < 0.1 ? 2 : 3)} ms`;
  if (value < 60) return `${value.toPrecision(3)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

/** A rate or a count. */
export function number(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  if (value < 10) return value.toFixed(value < 0.1 ? 3 : 2);
  return Math.round(value).toLocaleString('en');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

export function dateTime(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function clock(time: string): string {
  return new Date(time).toLocaleTimeString(undefined, { hour12: false });
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long ago something was. */
export function ago(time: string): string {
  const passed = (Date.now() - Date.parse(time)) / 1_000;
  const step = STEPS.find(([, length]) => passed >= length);
  return step ? relative.format(-Math.floor(passed / step[1]), step[0]) : 'just now';
}

/** How long something has been going on. */
export function span(from: string): string {
  const passed = Math.max(0, Math.floor((Date.now() - Date.parse(from)) / 1_000));
  const parts = [[Math.floor(passed / 86_400), 'd'], [Math.floor(passed / 3_600) % 24, 'h'], [Math.floor(passed / 60) % 60, 'min'], [passed % 60, 's']] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** As much of a digest as tells versions apart. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
