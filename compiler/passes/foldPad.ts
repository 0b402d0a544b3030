/**
 * Postcondition: no pad stands before a window that can do it itself, as its own padding, which reads nothing:
 *
 *     conv2d        zeros
 *     averagePool   zeros, where its divisor counts them
 *     maxPool       minus infinity, or nothing above 0 around what is never below 0
 *
 * The pad may have other readers: for them it stays.
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import type { PoolAttrs } from '../ops/shared/pool.ts';
import { rewrite } from '../ops/infer.ts';
import type { Padding } from '../ops/shared/window.ts';
import { isNonNegative } from './shared/nonNegative.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const foldPad: Pass = { name: 'foldPad', run };

function run(graph: Graph): Graph {
  let folded = false;
  const after = rewrite(graph, (node, inputs, g) => {
    const pad = g.nodes[inputs[0] ?? -1];
    if (pad?.op !== 'pad') return undefined;
    const value = fold(node, inputs, pad, g);
    folded ||= value !== undefined;
    return value;
  });
  return folded ? withoutDeadNodes(after) : graph;
}

function fold(
  node: Node,
  inputs: readonly ValueId[],
  pad: Node<'pad'>,
  g: GraphBuilder,
): ValueId | undefined {
  if (!isAroundPlanes(pad)) return undefined;
  const [x] = pad.inputs;
  switch (node.op) {
    case 'conv2d': {
      if (pad.attrs.value !== 0) return undefined;
      return g.node('conv2d', [x!, ...inputs.slice(1)], { ...node.attrs, padding: padded(node.attrs, pad) });
    }
    case 'averagePool': {
      const { attrs } = node;
      const counts = attrs.countIncludePad || attrs.padding.every((amount) => amount === 0);
      if (pad.attrs.value !== 0 || !counts || !windowsReachInput(attrs, pad)) return undefined;
      return g.node('averagePool', [x!], { ...attrs, padding: padded(attrs, pad), countIncludePad: true });
    }
    case 'maxPool': {
      const { value } = pad.attrs;
      const neverWins = value === -Infinity || (value <= 0 && isNonNegative(g, x!));
      if (!neverWins || !windowsReachInput(node.attrs, pad)) return undefined;
      return g.node('maxPool', [x!], { ...node.attrs, padding: padded(node.attrs, pad) });
    }
    default:
      return undefined;
  }
}

function isAroundPlanes({ attrs: { mode, before, after } }: Node<'pad'>): boolean {
  const outside = [...before.slice(0, 2), ...after.slice(0, 2)];
  return mode === 'constant' && before.length === 4 && outside.every((amount) => amount === 0);
}

function padded(
  { padding }: { readonly padding: Padding },
  { attrs: { before, after } }: Node<'pad'>,
): Padding {
  const [top, left, bottom, right] = padding;
  return [top + before[2]!, left + before[3]!, bottom + after[2]!, right + after[3]!];
}

/**
 * A pooling refuses windows that see padding only, and with `ceilMode` its padding decides which windows there
 * are. Padding that is narrower than the window leaves it an element.
 */
function windowsReachInput(attrs: PoolAttrs, pad: Node<'pad'>): boolean {
  const [top, left, bottom, right] = padded(attrs, pad);
  const [height, width] = attrs.kernel;
  const isNarrow = Math.max(top, bottom) < height && Math.max(left, right) < width;
  return isNarrow && !attrs.ceilMode && attrs.dilation.every((dilation) => dilation === 1);
}
