/** The looks that several parts share. */

const base =
  'inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50';

const kinds = {
  primary: 'bg-accent text-on-accent hover:opacity-90',
  plain: 'border border-line bg-raised hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  danger: 'border border-line bg-raised text-bad hover:bg-bad-soft',
};

const sizes = { normal: 'min-h-9 px-3.5 text-sm', small: 'min-h-7 px-2.5 text-xs', icon: 'size-9' };

export function button(kind: keyof typeof kinds = 'plain', size: keyof typeof sizes = 'normal'): string {
  return `${base} ${kinds[kind]} ${sizes[size]}`;
}

export const field =
  'min-h-9 rounded-lg border border-line bg-raised px-3 text-sm placeholder:text-muted aria-invalid:border-bad';
export const card = 'rounded-xl border border-line bg-raised';
export const link = 'text-accent underline-offset-2 hover:underline';
export const th = 'px-3 py-2 text-left text-xs font-medium text-muted whitespace-nowrap';
export const td = 'px-3 py-2.5 align-middle';
