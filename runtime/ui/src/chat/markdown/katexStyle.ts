import style from 'katex/dist/katex.min.css?raw';

const fonts = import.meta.glob<string>('/node_modules/katex/dist/fonts/*.woff2', { query: '?url', import: 'default', eager: true });

/** KaTeX's own style with woff2 fonts only: a plain import would put each font into the build three times. */
export function addKatexStyle(): void {
  const element = document.createElement('style');
  element.textContent = style
    .replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, '')
    .replace(/url\(fonts\/([^)]*)\)/g, (_, name: string) => `url(${fonts[`/node_modules/katex/dist/fonts/${name}`] ?? ''})`);
  document.head.append(element);
}
