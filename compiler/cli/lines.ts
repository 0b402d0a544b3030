/** Prints lines of text so that they fit the terminal, in their colours. */
import { plainText, type Style } from './colours.ts';
import type { Terminal } from './terminal.ts';

/** A line to print. */
export interface Line {
  readonly text: string;
  readonly style?: Style;
}

/** The width of a file, and of a terminal whose width is not known. */
export const USUAL_WIDTH = 80;

/** The width of lines on the standard output. */
export const widthOf = ({ widths }: Terminal): number => widths?.out ?? USUAL_WIDTH;

/** Prints lines on the standard output, each broken to its width. */
export function printLines(terminal: Terminal, lines: readonly Line[]): void {
  const paint = terminal.paint?.out ?? plainText;
  const parts = lines.flatMap(({ text, style }) => {
    const wrapped = wrapLine(text, widthOf(terminal));
    return style ? wrapped.map((part) => paint(style, part)) : wrapped;
  });
  terminal.out(parts.map((part) => `${part}\n`).join(''));
}

/** How much further the rest of a line is indented than its beginning. */
const HANGING = 4;

/**
 * Breaks a line at blanks into lines of at most `width`. What follows the first break is indented. A word that is longer
 * than a line stays whole.
 */
export function wrapLine(line: string, width: number): string[] {
  const [indent] = /^ */.exec(line)!;
  const hanging = indent + ' '.repeat(HANGING);
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(' ')) {
    if (current !== '' && `${current} ${word}`.length > width) {
      lines.push(current);
      current = '';
    }
    const start = lines.length === 0 ? indent : hanging;
    current = current === '' ? start + word : `${current} ${word}`;
  }
  return [...lines, current];
}
