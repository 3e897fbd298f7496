import { useEffect, useState } from 'react';

import type { MathsPlugins } from './mathsPlugins';

let loaded: MathsPlugins | undefined;

/** Whether it may hold a formula. A wrong yes costs a download, not a wrong look. */
export function hasMaths(source: string): boolean {
  return /\$[^$]+\$|\\\(.+\\\)|\\\[[^]+\\\]/.test(source);
}

/** What draws formulas, once it is wanted and there. */
export function useMaths(isWanted: boolean): MathsPlugins | undefined {
  const [plugins, setPlugins] = useState(loaded);
  useEffect(() => {
    if (!isWanted || plugins) return;
    let isCurrent = true;
    const load = async () => {
      loaded = (await import('./mathsPlugins')).mathsPlugins;
      if (isCurrent) setPlugins(loaded);
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [isWanted, plugins]);
  return isWanted ? plugins : undefined;
}
