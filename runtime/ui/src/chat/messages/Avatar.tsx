import { useState } from 'react';

import { Icon } from '../../shared/ui/Icon';

interface AvatarProps {
  name: string;
  icon?: string | null;
  size?: number;
}

/** The picture of whoever speaks; their first letter if there is none. */
export function Avatar({ name, icon, size = 28 }: AvatarProps) {
  const [hasFailed, setFailed] = useState(false);
  const isSafe = /^[a-zA-Z0-9_ .-]+$/.test(name);
  const frame = 'grid shrink-0 place-items-center overflow-hidden rounded-full bg-accent-soft text-accent text-xs font-semibold';
  return (
    <span aria-hidden className={frame} style={{ width: size, height: size }}>
      {icon ? <Icon name={icon} size={size * 0.6} />
        : isSafe && !hasFailed
          ? <img src={`/avatars/${encodeURIComponent(name)}`} alt="" className="size-full object-cover p-0.5" onError={() => setFailed(true)} />
          : (name.trim().charAt(0) || '?').toUpperCase()}
    </span>
  );
}
