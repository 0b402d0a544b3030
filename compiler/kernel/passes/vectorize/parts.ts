/** A loop with constant bounds, cut into whole groups of vectors, the remaining vectors, and single iterations. */
import { constant } from '../../expression.ts';
import type { Expr, Statement } from '../../types.ts';
import { substituteIn } from '../../substitute.ts';

export type Loop = Extract<Statement, { kind: 'for' }>;

export interface ConstantLoop extends Loop {
  readonly from: Extract<Expr, { kind: 'const' }>;
  readonly to: Extract<Expr, { kind: 'const' }>;
}

export const isConstantLoop = (loop: Loop): loop is ConstantLoop =>
  loop.step === 1 && loop.from.kind === 'const' && loop.to.kind === 'const';

export const extentOf = ({ from, to }: ConstantLoop): number => to.value - from.value;

/** The vector registers that V8 gives to a loop body, less one for a number that all copies share. */
const REGISTERS = 14;
const MOST_COPIES = 4;

/** How many vectors run in parallel if a copy needs this many registers. */
export function copiesFor(extent: number, pressure: number): number {
  let copies = MOST_COPIES;
  while (copies > 1 && (copies * 4 > extent || copies * pressure > REGISTERS)) copies /= 2;
  return copies;
}

/**
 * Cuts the loop. `widened` is the body for a number of copies; the last iterations run the loop's own body. Each part
 * is a block with a comment that gives its range.
 */
export function cutLoop(
  loop: ConstantLoop,
  copies: number,
  widened: (copies: number) => readonly Statement[],
): Statement[] {
  const [extent, first] = [extentOf(loop), loop.from.value];
  const vectors = Math.floor(extent / 4);
  const main = vectors - (vectors % copies);
  const [afterMain, afterVectors] = [first + main * 4, first + vectors * 4];
  const tail = extent % 4;
  const parts: Statement[] = [];
  const add = (comment: string, from: number, to: number, step: number, body: readonly Statement[]): void =>
    void parts.push(partOf(comment, loop, from, to, step, body));
  if (main > 0) {
    const comment = main > copies ? `${copies * 4} at a time` : `${copies * 4} at once`;
    add(comment, first, afterMain, copies * 4, widened(copies));
  }
  if (main < vectors) {
    const left = vectors - main;
    add(`the next ${left * 4}`, afterMain, afterVectors, left * 4, widened(left));
  }
  if (tail > 0)
    add(tail === 1 ? 'the last one' : `the last ${tail}`, afterVectors, loop.to.value, 1, loop.body);
  return parts;
}

/** A single iteration needs no loop. */
function partOf(
  comment: string,
  loop: Loop,
  from: number,
  to: number,
  step: number,
  body: readonly Statement[],
): Statement {
  if (from + step >= to) {
    return { kind: 'block', comment, body: substituteIn(body, new Map([[loop.name, constant(from)]])) };
  }
  return { kind: 'block', comment, body: [{ ...loop, from: constant(from), to: constant(to), step, body }] };
}
