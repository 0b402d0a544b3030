/**
 * What a body does, as text in a normal form: two bodies with equal texts do the same arithmetic on the same elements
 * in the same order. Names of variables, comments, blocks and the way in which an index is written do not count:
 *
 * - integers that are computed once are put in where they are used, and become sums of products in a fixed order;
 * - a loop that runs once is its body, and a branch whose condition is known is one of its sides;
 * - all other variables are named by their order.
 *
 * The text is for comparing, not for reading. i32 never overflows in the kernel language, so sums may be reordered.
 */
import { evaluateBinary } from './expression.ts';
import { childrenOf, somePart } from './walk.ts';
import type { Expr, Statement } from './types.ts';

/** A sum: factors by the text of what they multiply. The text of the constant part is empty. */
type Sum = ReadonlyMap<string, number>;

/** A variable: an integer that is put in, or a name. */
type Meaning = { readonly sum: Sum } | { readonly name: string; readonly mutable: boolean };

interface Writer {
  readonly meanings: Map<string, Meaning>;
  readonly lines: string[];
  readonly next: { name: number };
}

/** `known` are integers that the body uses and does not declare. */
export function normalForm(body: readonly Statement[], known: Readonly<Record<string, number>> = {}): string {
  const meanings = new Map<string, Meaning>(
    Object.entries(known).map(([name, value]) => [name, { sum: constantSum(value) }]),
  );
  const writer: Writer = { meanings, lines: [], next: { name: 0 } };
  writeBody(body, writer);
  return writer.lines.join('\n');
}

/** A scope: what is declared inside is unknown after it. */
const writeBody = (body: readonly Statement[], { meanings, ...writer }: Writer): void => {
  const inner = { ...writer, meanings: new Map(meanings) };
  for (const statement of body) writeStatement(statement, inner);
};

function writeStatement(s: Statement, writer: Writer): void {
  const { lines, meanings } = writer;
  switch (s.kind) {
    case 'comment':
      return;
    case 'block':
      if (s.grid) throw new Error('a block with a grid has no normal form');
      return writeBody(s.body, writer);
    case 'for':
      return writeLoop(s, writer);
    case 'if':
      return writeBranch(s, writer);
    case 'declare': {
      if (isPutIn(s, writer)) meanings.set(s.name, { sum: sumOf(s.value, writer) });
      else {
        const value = textOf(s.value, writer);
        lines.push(`${declare(s.name, writer, s.mutable)}: ${s.type} = ${value}`);
      }
      return;
    }
    case 'reduce': {
      const value = textOf(s.value, writer);
      lines.push(`${declare(s.name, writer, false)} = ${s.op} ${value}`);
      return;
    }
    case 'assign':
      lines.push(`${nameOf(s.name, writer)} := ${textOf(s.value, writer)}`);
      return;
    case 'store':
      lines.push(`${s.buffer}[${textOf(s.index, writer)}]: ${s.value.type} = ${textOf(s.value, writer)}`);
      return;
    case 'barrier':
      lines.push(`barrier ${s.memory ?? ''}`);
      return;
  }
}

function writeLoop(s: Extract<Statement, { kind: 'for' }>, writer: Writer): void {
  const { lines, meanings } = writer;
  const [from, to] = [sumOf(s.from, writer), sumOf(s.to, writer)];
  const [first, end] = [constantOf(from), constantOf(to)];
  if (first !== undefined && end !== undefined && end <= first + s.step) {
    if (end > first)
      writeBody(s.body, { ...writer, meanings: new Map([...meanings, [s.name, { sum: from }]]) });
    return;
  }
  const inner = { ...writer, meanings: new Map(meanings) };
  lines.push(`for ${declare(s.name, inner, false)} = ${sumText(from)} to ${sumText(to)} by ${s.step} {`);
  writeBody(s.body, inner);
  lines.push('}');
}

function writeBranch(s: Extract<Statement, { kind: 'if' }>, writer: Writer): void {
  const condition = conditionOf(s.condition, writer);
  if (typeof condition === 'boolean') return writeBody(condition ? s.then : s.otherwise, writer);
  writer.lines.push(`if ${condition} {`);
  writeBody(s.then, writer);
  writer.lines.push('} else {');
  writeBody(s.otherwise, writer);
  writer.lines.push('}');
}

/** Whether the variable always equals its value: it changes neither itself nor with a buffer or another variable. */
function isPutIn(s: Extract<Statement, { kind: 'declare' }>, { meanings }: Writer): boolean {
  if (s.mutable || s.type !== 'i32') return false;
  return !somePart(s.value, (part) => {
    if (part.kind === 'load') return true;
    const meaning = part.kind === 'var' ? meanings.get(part.name) : undefined;
    return meaning !== undefined && 'mutable' in meaning && meaning.mutable;
  });
}

function declare(name: string, { meanings, next }: Writer, mutable: boolean): string {
  const meaning = { name: `v${next.name++}`, mutable };
  meanings.set(name, meaning);
  return meaning.name;
}

function nameOf(name: string, { meanings }: Writer): string {
  const meaning = meanings.get(name);
  if (!meaning) throw new Error(`${name} is not declared`);
  return 'name' in meaning ? meaning.name : sumText(meaning.sum);
}

const constantSum = (value: number): Sum => new Map(value === 0 ? [] : [['', value]]);

const constantOf = (sum: Sum): number | undefined => {
  if (sum.size === 0) return 0;
  return sum.size === 1 ? sum.get('') : undefined;
};

const sumText = (sum: Sum): string =>
  sum.size === 0
    ? '0'
    : [...sum]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([text, factor]) => (text === '' ? String(factor) : `${factor}*${text}`))
        .join(' + ');

function combine(a: Sum, b: Sum, factor: number): Sum {
  const sum = new Map(a);
  for (const [text, value] of b) {
    const total = (sum.get(text) ?? 0) + factor * value;
    if (total === 0) sum.delete(text);
    else sum.set(text, total);
  }
  return sum;
}

const scale = (sum: Sum, factor: number): Sum => combine(new Map(), sum, factor);

const atom = (text: string): Sum => new Map([[text, 1]]);

function sumOf(e: Expr, writer: Writer): Sum {
  if (e.kind === 'const') return constantSum(e.value);
  if (e.kind === 'var') {
    const meaning = writer.meanings.get(e.name);
    return meaning && 'sum' in meaning ? meaning.sum : atom(nameOf(e.name, writer));
  }
  if (e.kind !== 'binary') return atom(partsText(e, writer));
  const [a, b] = [sumOf(e.left, writer), sumOf(e.right, writer)];
  const [x, y] = [constantOf(a), constantOf(b)];
  if (e.op === 'add') return combine(a, b, 1);
  if (e.op === 'sub') return combine(a, b, -1);
  if (e.op === 'mul' && y !== undefined) return scale(a, y);
  if (e.op === 'mul' && x !== undefined) return scale(b, x);
  if (x !== undefined && y !== undefined) return constantSum(evaluateBinary(e.op, x, y, 'i32'));
  return atom(`(${sumText(a)} ${e.op} ${sumText(b)})`);
}

function textOf(e: Expr, writer: Writer): string {
  if (e.type === 'i32') return sumText(sumOf(e, writer));
  if (e.type === 'bool') return String(conditionOf(e, writer));
  if (e.kind === 'const') return `${e.type} ${e.value}${Object.is(e.value, -0) ? ' negative' : ''}`;
  if (e.kind === 'var') return nameOf(e.name, writer);
  if (e.kind === 'select') {
    const condition = conditionOf(e.condition, writer);
    if (typeof condition === 'boolean') return textOf(condition ? e.then : e.otherwise, writer);
  }
  return partsText(e, writer);
}

/** The operation with its operands, not simplified. */
function partsText(e: Expr, writer: Writer): string {
  const parts = childrenOf(e).map((child) => textOf(child, writer));
  const what = [
    e.kind,
    e.type,
    'op' in e ? e.op : '',
    'buffer' in e ? e.buffer : '',
    'lane' in e ? e.lane : '',
  ];
  return `${what.join(' ')}(${parts.join(', ')})`;
}

/** A truth value, if it is known. */
function conditionOf(e: Expr, writer: Writer): boolean | string {
  if (e.type !== 'bool') return textOf(e, writer);
  if (e.kind === 'const') return e.value !== 0;
  if (e.kind === 'var') return nameOf(e.name, writer);
  if (e.kind !== 'binary') return partsText(e, writer);
  if (e.left.type === 'bool') {
    const [a, b] = [conditionOf(e.left, writer), conditionOf(e.right, writer)];
    if (e.op === 'and' && typeof a === 'boolean') return a && b;
    if (e.op === 'and' && b === true) return a;
    if (e.op === 'or' && typeof a === 'boolean') return a || b;
    if (e.op === 'or' && b === false) return a;
    return `(${a} ${e.op} ${b})`;
  }
  if (e.left.type !== 'i32') return partsText(e, writer);
  const difference = combine(sumOf(e.left, writer), sumOf(e.right, writer), -1);
  const known = constantOf(difference);
  return known === undefined
    ? `(${sumText(difference)} ${e.op} 0)`
    : evaluateBinary(e.op, known, 0, 'i32') !== 0;
}
