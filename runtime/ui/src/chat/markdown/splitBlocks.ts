import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

export interface SourceBlock {
  start: number;
  source: string;
}

export interface Split {
  text: string;
  blocks: SourceBlock[];
  /** Link and footnote definitions: every block may use them. */
  definitions: string;
}

const parser = unified().use(remarkParse).use(remarkGfm, { singleTilde: false });

/**
 * The top-level blocks of a text. Text that only grew can change nothing but its last block, so the others are taken
 * from the split before: parsing costs what was added, not the whole answer again for each token.
 */
export function splitBlocks(text: string, before?: Split): Split {
  const last = before?.blocks.at(-1);
  if (before && last && before.definitions === '' && text.startsWith(before.text)) {
    const tail = parse(text, last.start);
    // What a definition gives a meaning to may stand above.
    if (!tail.hasDefinitions) return { text, definitions: '', blocks: [...before.blocks.slice(0, -1), ...tail.blocks] };
  }
  const { blocks, definitions } = parse(text, 0);
  return { text, blocks, definitions };
}

function parse(text: string, from: number): Omit<Split, 'text'> & { hasDefinitions: boolean } {
  const blocks: SourceBlock[] = [];
  const definitions: string[] = [];
  const tree = parser.parse(text.slice(from));
  for (const node of tree.children) {
    const start = from + (node.position?.start.offset ?? 0);
    const end = from + (node.position?.end.offset ?? text.length);
    const source = text.slice(start, end);
    if (node.type === 'definition' || node.type === 'footnoteDefinition') definitions.push(source);
    else blocks.push({ start, source });
  }
  const hasDefinitions = definitions.length > 0;
  // Footnotes are numbered over the whole text.
  const hasFootnotes = definitions.some((source) => source.startsWith('[^'));
  if (hasFootnotes) return { blocks: [{ start: from, source: text.slice(from) }], definitions: '', hasDefinitions };
  return { blocks: joinMaths(text, blocks), definitions: definitions.join('\n'), hasDefinitions };
}

/** A formula between `$$` or `\[` and `\]` may hold blank lines and dashes, which are no blocks of their own. */
function joinMaths(text: string, blocks: SourceBlock[]): SourceBlock[] {
  const joined: SourceBlock[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (last && isOpen(last.source)) last.source = text.slice(last.start, block.start + block.source.length);
    else joined.push({ ...block });
  }
  return joined;
}

function isOpen(source: string): boolean {
  if (/^(`{3}|~{3})/.test(source)) return false;
  const prose = source.replace(/`[^`\n]*`/g, '');
  if (/^\s*\\\[/.test(prose)) return !prose.includes('\\]');
  return /^\s*\$\$/.test(prose) && (prose.match(/\$\$/g)?.length ?? 0) % 2 === 1;
}
