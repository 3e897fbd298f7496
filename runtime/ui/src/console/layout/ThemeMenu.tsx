import { Monitor, Moon, Sun, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { setTheme, theme, type Theme } from '../../shared/theme';
import { button } from '../ui/classes';

const order: Theme[] = ['system', 'light', 'dark'];
const icons: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon };

/** Goes through the three looks. */
export function ThemeMenu() {
  const [chosen, setChosen] = useState(theme);
  const Icon = icons[chosen];
  const next = () => {
    const choice = order[(order.indexOf(chosen) + 1) % order.length] ?? 'system';
    setTheme(choice);
    setChosen(choice);
  };
  const label = `Theme: ${chosen}`;
  return (
    <button type="button" onClick={next} className={button('quiet', 'icon')} aria-label={label} title={label}>
      <Icon size={17} aria-hidden />
    </button>
  );
}
