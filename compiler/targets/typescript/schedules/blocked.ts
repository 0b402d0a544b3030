import type { KernelBuilder } from '../../../kernel/builder.ts';
import type { Expr } from '../../../kernel/types.ts';

/** Whole blocks in a loop, then the rest as one smaller block in a scope of its own. */
export function blocked(
  k: KernelBuilder,
  name: string,
  extent: number,
  block: number,
  body: (at: Expr, count: number) => void,
): void {
  const whole = extent - (extent % block);
  const rest = extent - whole;
  const wholeBlocks = () =>
    k.for(name, 0, whole, (at) => body(at, block), { step: block, independent: true });
  if (rest === 0) return wholeBlocks();
  if (whole > 0) k.block(`${block} at a time`, wholeBlocks);
  k.block(`the last ${rest}`, () => k.for(name, whole, extent, (at) => body(at, rest), { step: rest }));
}
