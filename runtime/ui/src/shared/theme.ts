/** Light or dark: what the person chose, else what the system says. */
export type Theme = 'light' | 'dark' | 'system';

const KEY = 'chinwag-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setTheme(choice: Theme): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  apply();
}

function apply(): void {
  const choice = theme();
  const isDark = choice === 'dark' || (choice === 'system' && system.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}

/** Call once, before anything is drawn. */
export function followTheme(): void {
  system.addEventListener('change', apply);
  apply();
}
