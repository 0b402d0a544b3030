/**
 * Postcondition: no batchNorm has fixed statistics. Each has become one multiplication and one addition per element.
 * The numbers per channel are arithmetic on parameters, which runs once, at compile time or at load. Two batch norms in
 * a row become one such pair.
 *
 *     scale = weight / sqrt(variance + epsilon)
 *     shift = bias - mean * scale
 *     out   = x * scale + shift
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { add } from '../ops/add.ts';
import { batchNorm } from '../ops/batchNorm.ts';
import { div } from '../ops/div.ts';
import { isOp } from '../ops/isOp.ts';
import { scalar } from '../ops/leaves.ts';
import { mul } from '../ops/mul.ts';
import { reshape } from '../ops/reshape.ts';
import { sqrt } from '../ops/sqrt.ts';
import { sub } from '../ops/sub.ts';
import { rewriteKnowing } from './shared/knowing.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const expandBatchNorm: Pass = { name: 'expandBatchNorm', run };

interface ScaleAndShift {
  readonly x: ValueId;
  readonly scale: ValueId;
  readonly shift: ValueId;
}

function run(graph: Graph): Graph {
  const expanded = new Map<ValueId, ScaleAndShift>();
  const after = rewriteKnowing(graph, (node, inputs, g, facts) => {
    if (!isOp(node, batchNorm) || !inputs.slice(1).every(facts.isFixed)) return undefined;
    const before = facts.isOwn(inputs[0]!) ? expanded.get(inputs[0]!) : undefined;
    const parts = behind(before, scaleAndShift(node, inputs, g), g);
    g.origin = node.origin;
    const scaled = g.node(mul.name, [parts.x, overPlanes(g, parts.scale, node)]);
    const value = g.node(add.name, [scaled, overPlanes(g, parts.shift, node)]);
    expanded.set(value, parts);
    return value;
  });
  return expanded.size === 0 ? graph : withoutDeadNodes(after);
}

function scaleAndShift(norm: Node<'batchNorm'>, inputs: readonly ValueId[], g: GraphBuilder): ScaleAndShift {
  const [x, weight, bias, mean, variance] = inputs;
  const { origin } = norm;
  const epsilon = scalar(g, norm.attrs.epsilon);
  const deviation = g.node(sqrt.name, [g.node(add.name, [variance!, epsilon])]);
  g.origin = { ...origin, path: `${origin.path}.scale` };
  const scale = g.node(div.name, [weight!, deviation]);
  g.origin = { ...origin, path: `${origin.path}.shift` };
  const shift = g.node(sub.name, [bias!, g.node(mul.name, [mean!, scale])]);
  return { x: x!, scale, shift };
}

/** (x * scale1 + shift1) * scale2 + shift2 */
function behind(before: ScaleAndShift | undefined, own: ScaleAndShift, g: GraphBuilder): ScaleAndShift {
  if (!before) return own;
  const shift = g.node(add.name, [g.node(mul.name, [before.shift, own.scale]), own.shift]);
  return { x: before.x, scale: g.node(mul.name, [before.scale, own.scale]), shift };
}

/** Reshapes [C] so that it broadcasts over [N, C, ...]. */
function overPlanes(g: GraphBuilder, numbers: ValueId, { type: { shape } }: Node): ValueId {
  if (shape.length === 2) return numbers;
  return g.node(reshape.name, [numbers], { shape: [shape[1]!, ...shape.slice(2).map(() => 1)] });
}
