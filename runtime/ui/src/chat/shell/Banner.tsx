import { LoaderCircle, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';

import { Button } from '../../shared/ui/Button';
import { retry } from '../connection/socket';
import { useChat } from '../store/chat';

/** Says that the connection is gone; what was said and typed stays where it is. */
export function Banner() {
  const link = useChat((state) => state.link);
  const isBad = useLasting(link === 'down' || link === 'refused' || link === 'connecting', link === 'connecting' ? 3000 : 300);
  if (!isBad) return null;
  return (
    <div role="status" id="connection-banner" className="flex flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-sunken px-3 py-1.5 text-sm text-warn">
      {link === 'refused' ? <WifiOff size={15} aria-hidden /> : <LoaderCircle size={15} aria-hidden className="animate-spin" />}
      {link === 'refused' ? 'The server does not accept this connection.' : 'The connection is gone. Nothing is lost; trying to come back…'}
      <Button kind="plain" className="min-h-7 px-2 text-ink underline" onClick={retry}>Try now</Button>
    </div>
  );
}

/** True once something has been so for a while: a blink of the connection is not worth a word. */
function useLasting(isSo: boolean, milliseconds: number): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!isSo) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), milliseconds);
    return () => clearTimeout(timer);
  }, [isSo, milliseconds]);
  return isSo && isLasting;
}
