/** Loops over an extent in blocks. The rest is one smaller block after the loop. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { constant } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import { INDEPENDENT } from './shorthands.ts';

export interface Blocks {
  readonly name: string;
  /** What the loop counts, for comments: `channels`. */
  readonly what: string;
  readonly extent: number;
  readonly block: number;
}

/** The comment of the blocks of full size: `channels 0 to 7, 4 at a time`. */
export const wholeText = (what: string, whole: number, block: number): string =>
  `${what} 0 to ${whole - 1}${whole > block ? `, ${block} at a time` : ''}`;

/** The comment of the smaller block: `the last 2 channels`. */
export const restText = (what: string, rest: number): string =>
  rest === 1 ? `the last ${what.replace(/s$/, '')}` : `the last ${rest} ${what}`;

/** Loops over blocks. `at` is the block's first index. The smaller block has its own scope. */
export function forBlocks(
  k: KernelBuilder,
  { name, what, extent, block }: Blocks,
  body: (at: Expr, count: number) => void,
): void {
  const rest = extent % block;
  const whole = extent - rest;
  const wholeBlocks = () => k.for(name, 0, whole, (at) => body(at, block), { step: block, ...INDEPENDENT });
  if (rest === 0) return wholeBlocks();
  if (whole > 0) k.block(wholeText(what, whole, block), wholeBlocks);
  k.block(whole > 0 ? restText(what, rest) : `all ${what}`, () => body(constant(whole), rest));
}

/** Loops over the numbers of blocks, as panels of packed weights are counted. */
export function forPanels(
  k: KernelBuilder,
  { name, extent, block }: Omit<Blocks, 'what'>,
  body: (number: Expr, lanes: number) => void,
): void {
  const whole = Math.floor(extent / block);
  k.for(name, 0, whole, (number) => body(number, block), INDEPENDENT);
  if (extent % block > 0) body(constant(whole), extent % block);
}

/** Loops over panels of channels, group after group. */
export function forGroupPanels(
  k: KernelBuilder,
  groups: number,
  channels: number,
  block: number,
  body: (group: Expr, number: Expr, lanes: number) => void,
): void {
  k.for(
    'group',
    0,
    groups,
    (group) =>
      forPanels(k, { name: 'block', extent: channels, block }, (number, lanes) => body(group, number, lanes)),
    INDEPENDENT,
  );
}
