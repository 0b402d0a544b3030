/** Markdown that the generated pages are written in, readable on GitHub and for VitePress. */

/** Text in which no character is markup: neither Markdown's, nor HTML's, nor Vue's. */
export const plain = (text: string): string =>
  text.replace(/[<>*_|\\]/g, (char) => `\\${char}`).replaceAll('{{', '{ {');

/** A sentence with code in backticks, which stays code. */
export const prose = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : plain(part)))
    .join('');

/** A cell may hold code and links; what else it holds goes through `plain` first. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `right` are the columns whose numbers stand below each other. */
export function tableOfNumbers(
  head: readonly string[],
  right: readonly number[],
  rows: readonly (readonly string[])[],
): string {
  const [first, , ...rest] = table(head, rows).split('\n');
  const rule = head.map((_, column) => (right.includes(column) ? '---:' : '---'));
  return [first, `| ${rule.join(' | ')} |`, ...rest].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

export const block = (language: string, lines: readonly string[]): string =>
  ['```' + language, ...lines, '```'].join('\n');
