import type { Options } from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';

import { addKatexStyle } from './katexStyle';

export interface MathsPlugins {
  remarkPlugins: NonNullable<Options['remarkPlugins']>;
  rehypePlugins: NonNullable<Options['rehypePlugins']>;
  normalize: (source: string) => string;
}

addKatexStyle();

export const mathsPlugins: MathsPlugins = {
  remarkPlugins: [[remarkMath, { singleDollarTextMath: false }]],
  rehypePlugins: [[rehypeKatex, { throwOnError: false, errorColor: 'var(--bad)', strict: false, maxSize: 20, maxExpand: 500 }]],
  normalize,
};

const CODE = /(^ {0,3}(`{3,}|~{3,})[^]*?(?:^ {0,3}\2[`~]*\s*$|(?![^])))|(`+)[^`][^]*?\3(?!`)/gm;

/** All ways to write a formula become `$$`, the only one that the parser takes. */
function normalize(source: string): string {
  let end = 0;
  let result = '';
  for (const code of source.matchAll(CODE)) {
    result += normalizeProse(source.slice(end, code.index)) + code[0];
    end = code.index + code[0].length;
  }
  return result + normalizeProse(source.slice(end));
}

function normalizeProse(prose: string): string {
  return prose
    .replace(/^([ \t]*)\$\$([^$\n][^$]*?)\$\$[ \t]*$/gm, block)
    .replace(/^([ \t]*)\\\[([^]*?)\\\][ \t]*$/gm, block)
    .replace(/\\\[([^]*?)\\\]/g, (_, formula: string) => `$$${formula}$$`)
    .replace(/\\\((.+?)\\\)/g, (_, formula: string) => `$$${formula}$$`)
    // Pandoc's rule, so that `from $5 to $10` stays text: no blank inside of the signs, no digit behind them.
    .replace(/(?<![\\$\w])\$(?![\s$])((?:\\.|[^$\\\n])*?)(?<![\s\\])\$(?![$\d])/g, (_, formula: string) => `$$${formula}$$`);
}

function block(_: string, indent: string, formula: string): string {
  const lines = formula.trim().split('\n').map((line) => indent + line.trim()).filter((line) => line.trim() !== '');
  return `${indent}$$\n${lines.join('\n')}\n${indent}$$`;
}
