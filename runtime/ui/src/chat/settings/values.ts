import type { Dict, Json, Widget, WidgetTab } from '../protocol';

export function isTabbed(widgets: (Widget | WidgetTab)[]): widgets is WidgetTab[] {
  return widgets.length > 0 && widgets.every((widget) => 'inputs' in widget && Array.isArray(widget.inputs));
}

export function widgetsOf(widgets: (Widget | WidgetTab)[]): Widget[] {
  return isTabbed(widgets) ? widgets.flatMap(({ inputs }) => inputs) : (widgets as Widget[]);
}

export function initialValues(widgets: Widget[]): Dict {
  return Object.fromEntries(widgets.map(({ id, initial }) => [id, initial ?? null]));
}

export function currentValues(widgets: Widget[], values: Dict): Dict {
  return Object.fromEntries(widgets.map(({ id, initial }) => [id, (Object.hasOwn(values, id) ? values[id] : initial) ?? null]));
}

/** The dialect has null for a text that is empty. */
export function cleaned(values: Dict): Dict {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [id, value === '' ? null : value]));
}

export interface Item {
  label: string;
  value: string;
}

export function itemsOf({ items }: Widget): Item[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item) || typeof item.value !== 'string') return [];
    return [{ value: item.value, label: typeof item.label === 'string' ? item.label : item.value }];
  });
}

export function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** The day of an ISO time, as date fields have it. */
export function dayOf(value: Json | undefined): string {
  return /^\d{4}-\d{2}-\d{2}/.exec(textOf(value))?.[0] ?? '';
}

/** What is wrong with a value, in words. */
export function problemOf(widget: Widget, value: Json | undefined): string | null {
  if (widget.type === 'numberinput') return typeof value === 'string' && value !== '' ? 'This is not a number.' : null;
  if (widget.type !== 'datepicker') return null;
  const [from = '', to = ''] = (Array.isArray(value) ? value : [value ?? null]).map(dayOf);
  if (widget.mode === 'range' && (from === '') !== (to === '')) return 'Please give both days.';
  if (widget.mode === 'range' && from > to) return 'The last day is before the first.';
  const [min, max] = [dayOf(widget.min_date), dayOf(widget.max_date)];
  const days = [from, to].filter((day) => day !== '');
  if (min !== '' && days.some((day) => day < min)) return `Not before ${inWords(min)}.`;
  if (max !== '' && days.some((day) => day > max)) return `Not after ${inWords(max)}.`;
  return null;
}

function inWords(day: string): string {
  return new Date(`${day}T00:00`).toLocaleDateString(undefined, { dateStyle: 'medium' });
}
