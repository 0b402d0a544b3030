/** Finds values that are never below 0 (they may be NaN). */
import type { GraphBuilder } from '../../ir/builder.ts';
import type { ValueId } from '../../ir/types.ts';
import { factsOf } from '../../ops/nodeFacts.ts';

/** How far up the graph it looks, because sums of sums branch at every step. */
const DEPTH = 8;

export function isNonNegative(g: GraphBuilder, value: ValueId, depth = DEPTH): boolean {
  const node = g.nodes[value]!;
  const { nonNegative } = factsOf(node);
  if (typeof nonNegative === 'function') return nonNegative(node.attrs);
  if (nonNegative !== 'if operands are') return nonNegative === 'always';
  return depth > 0 && node.inputs.every((input) => isNonNegative(g, input, depth - 1));
}
