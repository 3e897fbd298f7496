/** The text as a block of code, if it has a language. */
export function fenced(text: string, language?: string | null): string {
  if (!language || text.trimStart().startsWith('```')) return text;
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
