/**
 * Reverse-mode differentiation, graph to graph. It appends the nodes that compute gradients, by each operator's own
 * rule, to a builder that has the forward nodes. If a value is read several times, its gradients are added. It builds
 * only nodes that the wanted gradients need.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { GraphBuilder } from '../ir/builder.ts';
import type { Node, OpName, ValueId } from '../ir/types.ts';
import { definitionOf } from '../ops/index.ts';
import type { GradientRule } from '../ops/types.ts';
import { add } from '../ops/add.ts';

/**
 * Returns the gradient of every value of `wanted` that influences a seeded value. `seeds` are the given gradients of
 * some values. Gradients do not flow through `ends`: if one output depends on another, each has only its own part.
 */
export function differentiate(
  g: GraphBuilder,
  seeds: ReadonlyMap<ValueId, ValueId>,
  wanted: readonly ValueId[],
  ends: ReadonlySet<ValueId> = new Set(),
): ReadonlyMap<ValueId, ValueId> {
  const forward = g.nodes.slice();
  const needed = influencedBy(forward, wanted);
  const parts = new Map<ValueId, ValueId[]>();
  for (const [value, seed] of seeds) parts.set(value, [seed]);
  const gradients = new Map<ValueId, ValueId>();
  for (const node of forward.reverse()) {
    const contributions = parts.get(node.id);
    if (!contributions || !needed.has(node.id)) continue;
    g.origin = { ...node.origin, note: `backward of ${node.origin.path || node.op}` };
    const gradient = contributions.reduce((sum, part) => g.node(add.name, [sum, part]));
    gradients.set(node.id, gradient);
    if (!ends.has(node.id)) propagate(g, node, gradient, needed, parts);
  }
  return new Map(wanted.flatMap((value) => (gradients.has(value) ? [[value, gradients.get(value)!]] : [])));
}

/** Returns the wanted values and all f32 values computed from them. */
function influencedBy(nodes: readonly Node[], wanted: readonly ValueId[]): ReadonlySet<ValueId> {
  const influenced = new Set(wanted);
  for (const node of nodes) {
    if (node.type.dtype === 'f32' && node.inputs.some((input: ValueId) => influenced.has(input)))
      influenced.add(node.id);
  }
  return influenced;
}

function propagate(
  g: GraphBuilder,
  node: Node,
  gradient: ValueId,
  needed: ReadonlySet<ValueId>,
  parts: Map<ValueId, ValueId[]>,
): void {
  if (!node.inputs.some((input: ValueId) => needed.has(input))) return;
  const rule = definitionOf<OpName>(node.op).gradient;
  if (rule === 'notDifferentiable')
    return fail(
      'CNNC1033',
      node.op,
      node.origin,
      'this operation has no gradient, but weights before it are trained',
    );
  const contributions = applyRule(rule, g, node, gradient, needed);
  node.inputs.forEach((input: ValueId, operand: number) => {
    const contribution = contributions[operand];
    if (contribution === undefined || !needed.has(input)) return;
    const known = parts.get(input);
    if (known) known.push(contribution);
    else parts.set(input, [contribution]);
  });
}

function applyRule(
  rule: GradientRule<OpName>,
  g: GraphBuilder,
  node: Node,
  gradient: ValueId,
  needed: ReadonlySet<ValueId>,
): readonly (ValueId | undefined)[] {
  const { inputs, attrs } = node;
  return rule({
    node,
    attrs,
    inputs,
    output: node.id,
    gradient,
    g,
    needs: (operand) => inputs[operand] !== undefined && needed.has(inputs[operand]),
  });
}
