/** Where a link of a bot or a user may lead: the web, a mail, a place of this site. */
export function safeLinkUrl(url: string): string | null {
  return isOf(url, ['http:', 'https:', 'mailto:']) ? url : null;
}

/** What may be fetched to be shown: the web or this site. */
export function safeImageUrl(url: string): string | null {
  return isOf(url, ['http:', 'https:']) ? url : null;
}

export function isSameOrigin(url: string): boolean {
  return parsed(url)?.origin === location.origin;
}

function isOf(url: string, protocols: string[]): boolean {
  const protocol = parsed(url)?.protocol;
  return protocol !== undefined && protocols.includes(protocol);
}

function parsed(url: string): URL | null {
  return URL.canParse(url, location.href) ? new URL(url, location.href) : null;
}
