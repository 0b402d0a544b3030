/** Small helpers for builders of kernels. */
import { f32Const, splat } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';

/** 0, 1 ... count - 1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** The size, at most `most`, that cuts `count` into parts as equal as possible; a divisor if one is near. */
export function evenPart(count: number, most: number): number {
  if (most >= count) return count;
  for (let part = most; part > most / 2; part--) if (count % part === 0) return part;
  return Math.ceil(count / Math.ceil(count / most));
}

export const ZEROS: Expr = splat(f32Const(0));

/** Options of a loop whose iterations do not depend on each other. */
export const INDEPENDENT = { independent: true } as const;
