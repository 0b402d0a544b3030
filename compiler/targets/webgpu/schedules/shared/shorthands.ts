/** What the builders of this folder say often. */
import { f32Const, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

export const ZEROS: Expr = splat(f32Const(0));

export const INDEPENDENT = { independent: true } as const;
