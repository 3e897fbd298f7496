import type { Grants, Version } from '../api/types';

export interface Change {
  what: string;
  added: string[];
  removed: string[];
}

type Need = keyof Grants;
export const NEEDS: { key: Need; what: string }[] = [
  { key: 'imports', what: 'Interfaces that need consent' },
  { key: 'hosts', what: 'Hosts that it sends requests to' },
  { key: 'secrets', what: 'Secrets that are put into its requests' },
  { key: 'models', what: 'Models that it asks' },
];

function each(items: (key: Need) => string[]): Grants {
  return { imports: items('imports'), hosts: items('hosts'), secrets: items('secrets'), models: items('models') };
}

export const NO_GRANTS: Grants = each(() => []);

/** What a version asks for and offers that the one before did not, and the other way round. */
export function changes(before: Version | null, after: Version): Change[] {
  const compare = (what: string, old: string[], now: string[]): Change => ({
    what,
    added: now.filter((item) => !old.includes(item)),
    removed: old.filter((item) => !now.includes(item)),
  });
  const all = [
    ...NEEDS.map(({ key, what }) => compare(what, before?.needs?.[key] ?? [], after.needs?.[key] ?? [])),
    compare('Imports', before?.imports ?? [], after.imports),
    compare('Exports', before?.exports ?? [], after.exports),
  ];
  return all.filter(({ added, removed }) => added.length + removed.length > 0);
}

/** What a version needs that nobody has granted. */
export function missing(needs: Grants | undefined, grants: Grants | undefined): Grants {
  return each((key) => (needs?.[key] ?? []).filter((item) => !(grants?.[key] ?? []).includes(item)));
}

export function union(a: Grants | undefined, b: Grants | undefined): Grants {
  return each((key) => [...new Set([...(a?.[key] ?? []), ...(b?.[key] ?? [])])]);
}

export function isNothing(grants: Grants): boolean {
  return NEEDS.every(({ key }) => grants[key].length === 0);
}
