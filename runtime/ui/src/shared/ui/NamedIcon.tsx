import { icons } from 'lucide-react';

function pascal(name: string): string {
  return name.split(/[-_\s]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

export default function NamedIcon({ name, size }: { name: string; size: number }) {
  const Found = (icons as Record<string, typeof icons.Circle | undefined>)[pascal(name)];
  return Found ? <Found size={size} className="shrink-0" aria-hidden /> : null;
}
