/**
 * The layout that each value should have. Inputs and outputs are row-major. Values that depend only on parameters are
 * row-major too (kernels repack weights as they need), and so are values that only reshapes read (which then move
 * nothing). All other activations have the target's layout.
 */
import { fusionRoot } from '../ir/fusion.ts';
import { isInput, isParameter } from '../ir/leaves.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { rowMajor, type Layout } from '../kernel/layout.ts';
import { factsOf, isReshape } from '../ops/nodeFacts.ts';
import type { Target } from './target.ts';

export function chooseLayouts(graph: Graph, target: Target, fixed: ReadonlySet<ValueId>): readonly Layout[] {
  const outside = new Set([
    ...graph.outputs.map(({ value }) => value),
    ...graph.updates.flatMap(({ target: to, value }) => [to, value]),
  ]);
  const reshaped = onlyReshaped(graph);
  const weightLike = new Set<ValueId>();
  return graph.nodes.map((node) => {
    if (isWeightLike(node, weightLike)) weightLike.add(node.id);
    const canonical =
      isInput(node) || [outside, fixed, weightLike, reshaped].some((values) => values.has(node.id));
    return canonical ? rowMajor(node.type.shape) : target.activationLayout(node.type);
  });
}

/** Values that have readers, all of which are reshapes. */
function onlyReshaped(graph: Graph): ReadonlySet<ValueId> {
  const [reshaped, others] = [new Set<ValueId>(), new Set<ValueId>()];
  for (const node of graph.nodes) {
    const readers = isReshape(node) ? reshaped : others;
    for (const input of node.inputs) readers.add(input);
  }
  return new Set([...reshaped].filter((value) => !others.has(value)));
}

const isWeightLike = (node: Node, known: ReadonlySet<ValueId>): boolean =>
  isParameter(node) ||
  factsOf(fusionRoot(node)).isWeightShaped === true ||
  (node.inputs.length > 0 &&
    node.inputs.some((input: ValueId) => known.has(input)) &&
    node.type.shape.length === 4 &&
    isElementwiseOf(node, known));

const isElementwiseOf = (node: Node, known: ReadonlySet<ValueId>): boolean =>
  node.inputs.every((input: ValueId) => known.has(input)) || factsOf(node).affine !== undefined;
