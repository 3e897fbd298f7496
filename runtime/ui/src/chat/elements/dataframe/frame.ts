import type { Json } from '../../protocol';

/** A table as pandas writes it with `orient="split"`. */
export interface DataFrame {
  columns: { name: string; isNumeric: boolean }[];
  /** Names of the rows; none if they only count them. */
  index: Json[] | null;
  rows: Json[][];
}

export function parseFrame(text: string): DataFrame | null {
  const split = tryParse(text);
  if (typeof split !== 'object' || split === null || Array.isArray(split)) return null;
  const { columns, index, data } = split;
  if (!Array.isArray(columns) || !Array.isArray(data)) return null;
  const rows = data.map((row) => (Array.isArray(row) ? row : [row]));
  return {
    columns: columns.map((name, at) => ({ name: cellText(name), isNumeric: isNumeric(rows, at) })),
    index: Array.isArray(index) && index.some((name, at) => name !== at) ? index : null,
    rows,
  };
}

function isNumeric(rows: Json[][], at: number): boolean {
  const values = rows.map((row) => row[at]).filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === 'number');
}

export function cellText(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export interface Order {
  column: number;
  isDescending: boolean;
}

/** The places of the rows in the order that is wanted. What has no value stays at the end. */
export function sortedRows({ rows }: DataFrame, order: Order | null): number[] {
  const places = rows.map((_, at) => at);
  if (!order) return places;
  const sign = order.isDescending ? -1 : 1;
  return places.sort((one, other) => {
    const [a, b] = [rows[one]?.[order.column] ?? null, rows[other]?.[order.column] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * compare(a, b);
  });
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(one: Json, other: Json): number {
  return typeof one === 'number' && typeof other === 'number' ? one - other : collator.compare(cellText(one), cellText(other));
}

export function toCsv({ columns, index, rows }: DataFrame): string {
  const head = columns.map(({ name }) => name);
  const lines = rows.map((row, at) => [...(index ? [cellText(index[at])] : []), ...columns.map((_, column) => cellText(row[column]))]);
  return [index ? ['', ...head] : head, ...lines].map((line) => line.map(quoted).join(',')).join('\r\n');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tryParse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
