/** Which values are never below 0 (they may be NaN). */
import type { GraphBuilder } from '../../ir/builder.ts';
import type { OpName, ValueId } from '../../ir/types.ts';

const ALWAYS: ReadonlySet<OpName> = new Set<OpName>([
  'abs',
  'exp',
  'hardSigmoid',
  'relu',
  'sigmoid',
  'softmax',
  'sqrt',
]);

/** Never below 0 where no operand is. */
const KEEPING: ReadonlySet<OpName> = new Set<OpName>([
  'add',
  'averagePool',
  'adaptiveAveragePool',
  'channelShuffle',
  'concat',
  'expand',
  'flatten',
  'globalAveragePool',
  'globalMaxPool',
  'maxPool',
  'mul',
  'pixelShuffle',
  'reshape',
  'resizeNearest',
  'slice',
  'transpose',
]);

/** How far up it looks: sums of sums branch at every step. */
const DEPTH = 8;

export function isNonNegative(g: GraphBuilder, value: ValueId, depth = DEPTH): boolean {
  const node = g.nodes[value]!;
  if (ALWAYS.has(node.op)) return true;
  if (node.op === 'clip') return node.attrs.low >= 0;
  return (
    depth > 0 && KEEPING.has(node.op) && node.inputs.every((input) => isNonNegative(g, input, depth - 1))
  );
}
