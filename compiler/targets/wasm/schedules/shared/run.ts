/** Copies and clears runs of neighbouring numbers, four at a time; adds a vector to memory. */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, f32Const, splat, toExpr, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';

export interface RunPlace {
  readonly buffer: string;
  readonly at: Operand;
}

export function copyRun(k: KernelBuilder, from: RunPlace, to: RunPlace, length: number): void {
  forRun(
    k,
    length,
    (i) => k.store(to.buffer, add(to.at, i), k.load(from.buffer, add(from.at, i), 'f32x4')),
    (i) => k.store(to.buffer, add(to.at, i), k.load(from.buffer, add(from.at, i))),
  );
}

export const clearRun = (k: KernelBuilder, to: RunPlace, length: number): void =>
  fillRun(k, to, length, f32Const(0));

export function fillRun(k: KernelBuilder, to: RunPlace, length: number, value: Expr): void {
  forRun(
    k,
    length,
    (i) => k.store(to.buffer, add(to.at, i), splat(value)),
    (i) => k.store(to.buffer, add(to.at, i), value),
  );
}

/** The vector at `at` += `value`. */
export const addTo = (k: KernelBuilder, buffer: string, at: Expr, value: Expr): void =>
  k.store(buffer, at, add(k.load(buffer, at, 'f32x4'), value));

const UNROLLED = 4;

/** Calls `four` for every four numbers, then `one` for each remaining number. */
function forRun(k: KernelBuilder, length: number, four: (i: Expr) => void, one: (i: Expr) => void): void {
  const step = 4 * UNROLLED;
  const many = length - (length % step);
  const fours = length - (length % 4);
  if (many > 0) {
    k.for('i', 0, many, (i) => Array.from({ length: UNROLLED }, (_, v) => four(add(i, 4 * v))), { step });
  }
  for (let i = many; i < fours; i += 4) four(toExpr(i, 'i32'));
  for (let i = fours; i < length; i++) one(toExpr(i, 'i32'));
}
