import type { CSSProperties } from 'react';
import { createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

import { languageOf, LOADERS, type Language } from './languages';

export interface HighlightedToken {
  text: string;
  /** Colours of both themes as variables: changing the theme needs no new run. */
  style: CSSProperties;
}

export type HighlightedLine = HighlightedToken[];

let core: Promise<HighlighterCore> | undefined;
const loaded = new Map<Language, Promise<void>>();

/** The code in colours; null for a language that has none. */
export async function highlight(text: string, name: string): Promise<HighlightedLine[] | null> {
  const language = languageOf(name);
  if (!language) return null;
  core ??= createHighlighterCore({
    themes: [import('shiki/themes/github-light-high-contrast.mjs'), import('shiki/themes/github-dark-default.mjs')],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const highlighter = await core;
  const loading = loaded.get(language) ?? highlighter.loadLanguage(LOADERS[language]);
  loaded.set(language, loading);
  await loading;
  const themes = { light: 'github-light-high-contrast', dark: 'github-dark-default' };
  const { tokens } = highlighter.codeToTokens(text, { lang: language, themes, defaultColor: false });
  return tokens.map((line) => line.map(({ content, htmlStyle }) => ({ text: content, style: htmlStyle as CSSProperties })));
}
