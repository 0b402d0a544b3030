/**
 * Postcondition: no pad of planes is directly before an operator that can pad by itself at no cost:
 *
 *     conv2d        zeros
 *     averagePool   zeros, if its divisor counts them
 *     maxPool       minus infinity, or any value up to 0 around values that are never below 0
 *
 * If the pad has other readers, it stays for them.
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node, OpName } from '../ir/types.ts';
import type { Border } from '../ops/facts.ts';
import { rewrite } from '../ops/infer.ts';
import { isOp } from '../ops/isOp.ts';
import { factsOf } from '../ops/nodeFacts.ts';
import { pad } from '../ops/pad.ts';
import { isNonNegative } from './shared/nonNegative.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const foldPad: Pass = { name: 'foldPad', run };

function run(graph: Graph): Graph {
  let folded = false;
  const after = rewrite(graph, (node, inputs, g) => {
    const { withBorder } = factsOf(node);
    const padding = g.nodes[inputs[0] ?? -1];
    if (!withBorder || !isOp(padding, pad)) return undefined;
    const border = borderOf(padding, g);
    const attrs = border && withBorder(node.attrs, border);
    if (!attrs) return undefined;
    folded = true;
    return g.node<OpName>(node.op, [padding.inputs[0]!, ...inputs.slice(1)], attrs);
  });
  return folded ? withoutDeadNodes(after) : graph;
}

/** The border that the pad adds. Undefined if the pad does more than surround planes with a constant. */
function borderOf({ attrs, inputs: [x] }: Node<'pad'>, g: GraphBuilder): Border | undefined {
  const { mode, value, before, after } = attrs;
  const [, , top, left] = before;
  const [, , bottom, right] = after;
  const outside = [...before.slice(0, 2), ...after.slice(0, 2)];
  if (mode !== 'constant' || before.length !== 4 || outside.some((amount) => amount !== 0)) return undefined;
  const amounts = [top!, left!, bottom!, right!] as const;
  return { amounts, value, surroundsNonNegative: isNonNegative(g, x!) };
}
