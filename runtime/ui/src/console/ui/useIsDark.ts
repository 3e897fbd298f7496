import { useSyncExternalStore } from 'react';

/** Whether the page is dark now: `shared/theme` says so at the root element. */
export function useIsDark(): boolean {
  return useSyncExternalStore(watch, () => document.documentElement.dataset.theme === 'dark');
}

function watch(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
