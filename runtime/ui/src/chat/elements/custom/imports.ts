import * as React from 'react';

/** A module as `require` gives it. */
export type Imports = Record<string, object>;

const basics = () => import('./ui/basics');
const fields = () => import('./ui/fields');
const overlays = () => import('./ui/overlays');
const sections = () => import('./ui/sections');

/**
 * The list of the icons itself: with the package's own entry, all of them would become part of the page's first load.
 * A name that is not in it (lucide has renamed some) is a plain circle rather than an error.
 */
async function allIcons(): Promise<object> {
  const icons: Record<string, unknown> = { ...(await import('lucide-react/icons/index')) };
  return new Proxy(icons, { get: (known, name) => (typeof name === 'string' && /^[A-Z]/.test(name) ? known[name] ?? known.Circle : known[String(name)]) });
}

/** What components may import. Only what a component names is loaded. */
const MODULES: Record<string, () => Promise<object>> = {
  react: async () => React,
  sonner: () => import('sonner'),
  zod: () => import('zod'),
  'react-hook-form': () => import('react-hook-form'),
  'lucide-react': allIcons,
  '@/lib/utils': () => import('./ui/cn'),
  ...Object.fromEntries(['aspect-ratio', 'avatar', 'badge', 'button', 'card', 'label', 'progress', 'scroll-area', 'separator', 'skeleton', 'table'].map((name) => [`@/components/ui/${name}`, basics])),
  ...Object.fromEntries(['checkbox', 'input', 'radio-group', 'select', 'slider', 'switch', 'textarea'].map((name) => [`@/components/ui/${name}`, fields])),
  ...Object.fromEntries(['dialog', 'dropdown-menu', 'hover-card', 'popover', 'sheet', 'tooltip'].map((name) => [`@/components/ui/${name}`, overlays])),
  ...Object.fromEntries(['accordion', 'alert', 'tabs'].map((name) => [`@/components/ui/${name}`, sections])),
};

export async function loadImports(source: string): Promise<Imports> {
  const names = new Set([...source.matchAll(/\b(?:from|import|require\()\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? ''));
  const loaded = await Promise.all([...names].map(async (name): Promise<[string, object][]> => {
    const load = MODULES[name];
    return load ? [[name, withDefault(await load())]] : [];
  }));
  return Object.fromEntries(loaded.flat());
}

/** Both `import React` and `import * as React` mean the module. */
function withDefault(module: object): object {
  return 'default' in module ? { ...module, __esModule: true } : module;
}
