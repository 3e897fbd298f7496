import { useSyncExternalStore } from 'react';

/** Whether the page is dark now: for what cannot follow by CSS alone. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

function isDark(): boolean {
  return document.documentElement.dataset.theme === 'dark';
}

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
