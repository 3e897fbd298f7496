import { useMemo } from 'react';
import { useIsDark } from '../ui/useIsDark';

const light = ['#0f766e', '#b45309', '#4f46e5', '#be185d', '#4d7c0f', '#0369a1'];
const dark = ['#4fd1c5', '#f0b252', '#a5b4fc', '#f9a8d4', '#bef264', '#7dd3fc'];

export interface Colours {
  series: string[];
  ink: string;
  line: string;
}

/** What a canvas is drawn with: it knows nothing of stylesheets. */
export function useColours(): Colours {
  const isDark = useIsDark();
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const read = (name: string) => style.getPropertyValue(name).trim();
    return { series: isDark ? dark : light, ink: read('--muted'), line: read('--line') };
  }, [isDark]);
}
