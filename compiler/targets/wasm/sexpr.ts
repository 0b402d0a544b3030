/**
 * WebAssembly's text format consists of nested lists. A list is printed on one line if it fits. Otherwise its head and
 * the operands after it that are plain words share a line, and each other operand gets a line.
 */
export type Sexpr = string | readonly Sexpr[];

const WIDTH = 100;

/** A line comment between instructions. */
export const comment = (text: string): string => `;; ${text}`;

const isComment = (one: Sexpr): boolean => typeof one === 'string' && one.startsWith(';;');

/** Whether an expression is a comment, or lists that have been joined. */
const isLine = (one: Sexpr): boolean => isComment(one) || (typeof one === 'string' && one.startsWith('('));

/** Joins short lists, as many on a line as fit. */
export function sideBySide(lists: readonly Sexpr[], indent: number): string[] {
  const lines: string[] = [];
  for (const text of lists.map(inline)) {
    const last = lines.at(-1);
    if (last === undefined || indent + last.length + 1 + text.length > WIDTH) lines.push(text);
    else lines[lines.length - 1] = `${last} ${text}`;
  }
  return lines;
}

function inline(one: Sexpr): string {
  return typeof one === 'string' ? one : `(${one.map(inline).join(' ')})`;
}

function lengthOf(one: Sexpr, most: number): number {
  if (typeof one === 'string') return isLine(one) ? Infinity : one.length;
  let length = 1;
  for (const part of one) {
    length += lengthOf(part, most) + 1;
    if (length > most) return Infinity;
  }
  return length;
}

/** The lines without line breaks; `indent` is the number of spaces. */
export function printSexpr(one: Sexpr, indent = 0): string[] {
  const margin = ' '.repeat(indent);
  if (typeof one === 'string' || lengthOf(one, WIDTH - indent) <= WIDTH - indent)
    return [margin + inline(one)];
  const words = one.findIndex((part) => typeof part !== 'string' || isLine(part));
  const head = words < 0 ? one : one.slice(0, words);
  const rest = words < 0 ? [] : one.slice(words);
  const lines = [
    `${margin}(${head.map(inline).join(' ')}`,
    ...rest.flatMap((part) => printSexpr(part, indent + 2)),
  ];
  const last = rest.at(-1);
  // After a comment the parenthesis would be part of the comment.
  if (last !== undefined && isComment(last)) return [...lines, `${margin})`];
  return [...lines.slice(0, -1), `${lines.at(-1)})`];
}
