/** WebAssembly's text as nested lists, read without the compiler's printer. Comments are dropped. */
export type Node = string | Node[];

/** Strings keep their quotes. */
const TOKEN = /;;[^\n]*|"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g;

export function parseSexpression(text: string): Node[] {
  const open: Node[][] = [[]];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith(';;')) continue;
    if (token === '(') open.push([]);
    else if (token === ')') {
      const done = open.pop()!;
      if (open.length === 0) throw new Error('a parenthesis is closed that was not opened');
      open.at(-1)!.push(done);
    } else open.at(-1)!.push(token);
  }
  if (open.length !== 1 || open[0]!.length !== 1) throw new Error('the text is not one expression');
  return open[0]![0] as Node[];
}

export function printSexpression(node: Node): string {
  const parts: string[] = [];
  const print = (one: Node): void => {
    if (typeof one === 'string') {
      parts.push(one);
      return;
    }
    parts.push('(');
    for (const part of one) print(part);
    parts.push(')');
  };
  print(node);
  return parts.join(' ');
}

/** Every list inside, the outer ones first. */
export function* listsOf(node: Node): Generator<Node[]> {
  if (typeof node === 'string') return;
  yield node;
  for (const part of node) yield* listsOf(part);
}
