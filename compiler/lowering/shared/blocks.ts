/** A loop over an extent in blocks; what is left is one smaller block in a scope of its own. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { constant } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';

export interface Blocks {
  readonly name: string;
  readonly extent: number;
  readonly block: number;
}

export function forBlocks(
  k: KernelBuilder,
  { name, extent, block }: Blocks,
  body: (at: Expr, count: number) => void,
): void {
  const rest = extent % block;
  const whole = extent - rest;
  const wholeBlocks = () =>
    k.for(name, 0, whole, (at) => body(at, block), { step: block, independent: true });
  if (rest === 0) return wholeBlocks();
  if (whole > 0) k.block(`${block} at a time`, wholeBlocks);
  k.block(`the last ${rest}`, () => body(constant(whole), rest));
}
