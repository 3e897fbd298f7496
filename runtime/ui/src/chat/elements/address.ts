import { isSameOrigin, safeImageUrl } from '../markdown/urls';
import type { Element } from '../protocol';

/** Where the element's content is; null if it has none, or at an address that must not be fetched. */
export function addressOf({ url, chainlitKey }: Element, sessionId: string): string | null {
  if (url) return safeImageUrl(url);
  if (!chainlitKey) return null;
  return `/project/file/${encodeURIComponent(chainlitKey)}?session_id=${encodeURIComponent(sessionId)}`;
}

/** Browsers honour `download` for files of this site only. */
export function downloadProps(address: string, name: string): { href: string; download?: string; target?: string; rel?: string } {
  return isSameOrigin(address) ? { href: address, download: name } : { href: address, target: '_blank', rel: 'noopener noreferrer' };
}
