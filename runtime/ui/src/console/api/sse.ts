export interface ServerEvent {
  event: string;
  data: string;
}

/** Reads server-sent events out of text that comes in pieces. */
export class EventReader {
  private rest = '';

  push(text: string): ServerEvent[] {
    const blocks = (this.rest + text).replaceAll('\r\n', '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => read(block) ?? []);
  }
}

function read(block: string): ServerEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [field, value] = split(line);
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return data.length > 0 ? { event, data: data.join('\n') } : null;
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  // A line that begins with a colon is a comment, by which the server keeps the connection open.
  if (colon <= 0) return ['', ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
