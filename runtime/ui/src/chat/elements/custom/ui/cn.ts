type ClassName = string | false | null | undefined | Record<string, unknown> | ClassName[];

/** The classes that count, as one text. */
export function cn(...names: ClassName[]): string {
  return names.flatMap((name) => {
    if (!name) return [];
    if (Array.isArray(name)) return cn(...name);
    return typeof name === 'string' ? name : Object.keys(name).filter((key) => name[key]);
  }).join(' ');
}
