/**
 * Postcondition: a large pointwise value that is read only by an operator that needs one row per row of its result,
 * such as a 1x1 convolution (DenseNet's norm and activation before a bottleneck), is computed in bands of rows
 * together with that reader. So the value never exists as a whole. This is done for values that are alive at the
 * memory peak, and only if the estimated peak falls. Bands are slices and parts of a concatenation, which cost
 * nothing.
 */
import { soleUser, usesOf, type GraphBuilder } from '../ir/builder.ts';
import { fusionRoot, isFusion, partsOf, rootOperands } from '../ir/fusion.ts';
import { nodeOf, sizeOf, type Graph, type Node, type ValueId } from '../ir/types.ts';
import { concat } from '../ops/concat.ts';
import { fusion } from '../ops/fusion.ts';
import { retypedBody } from '../ops/fusionBody.ts';
import { rewrite } from '../ops/infer.ts';
import { factsOf, isPointwise } from '../ops/nodeFacts.ts';
import { slice } from '../ops/slice.ts';
import { orderModel, peakOfOrder } from './shared/orderModel.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

/** Enough bands to make the value small compared with the other values alive at the same time. */
const BANDS = 4;

/** A value with a smaller share of the peak does not decide it. */
const LARGE = 1 / 4;

export const bandRows: Pass = { name: 'bandRows', run };

function run(graph: Graph): Graph {
  const peak = peakOf(graph);
  const isLarge = ({ type }: Node): boolean => 4 * sizeOf(type.shape) >= LARGE * peak;
  const pairs = new Map(
    pairsIn(graph)
      .filter(([value]) => isLarge(value))
      .map(([value, convolution]) => [convolution.id, value]),
  );
  if (pairs.size === 0) return graph;
  const banded = withoutDeadNodes(
    rewrite(graph, (node, inputs, g) => {
      const value = pairs.get(node.id);
      return value && inBands(value, node, inputs, g);
    }),
  );
  return peakOf(banded) < peak ? banded : graph;
}

function peakOf(graph: Graph): number {
  const model = orderModel(graph);
  return peakOfOrder(model, [...model.steps.keys()]);
}

/** Returns pointwise values of planes, each with the convolution that is its only reader. */
function pairsIn(graph: Graph): [value: Node, convolution: Node][] {
  const uses = usesOf(graph);
  return graph.nodes.flatMap((value): [Node, Node][] => {
    if (
      !partsOf(value).every(isPointwise) ||
      value.type.shape.length !== 4 ||
      value.type.shape[2]! < 2 * BANDS
    )
      return [];
    const reader = soleUser(graph, uses, value.id);
    return reader && runsInBands(graph, reader) && reader.inputs[0] === value.id ? [[value, reader]] : [];
  });
}

/**
 * Whether a node, including its tail, needs only one row of its first operand for a row of its result, and no other
 * planes.
 */
function runsInBands(graph: Graph, node: Node): boolean {
  const root = fusionRoot(node);
  const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
  const ofRoot = rootOperands(node).map((operand) => types[operand]!);
  return (
    factsOf(root).keepsRows?.(ofRoot, root.attrs, root.type) === true &&
    types.slice(2).every(({ shape }) => shape.length < 4)
  );
}

function inBands(
  value: Node,
  convolution: Node,
  [whole, ...others]: readonly ValueId[],
  g: GraphBuilder,
): ValueId {
  const rows = value.type.shape[2]!;
  const size = Math.ceil(rows / BANDS);
  // The whole value has been copied before, but no longer has a reader.
  const operands = g.nodes[whole!]!.inputs;
  const bands: ValueId[] = [];
  for (let first = 0; first < rows; first += size) {
    const end = Math.min(first + size, rows);
    const parts = operands.map((operand: ValueId) => rowsOf(g, operand, rows, first, end));
    g.origin = value.origin;
    const band = repeat(g, value, parts);
    g.origin = convolution.origin;
    bands.push(repeat(g, convolution, [band, ...others]));
  }
  return g.node(concat.name, bands, { axis: 2 });
}

/** Slices the rows of an operand that is planes. A value that broadcasts over the rows is returned unchanged. */
function rowsOf(g: GraphBuilder, operand: ValueId, rows: number, first: number, end: number): ValueId {
  const shape = g.shapeOf(operand);
  if (shape.length !== 4 || shape[2] !== rows) return operand;
  g.origin = g.nodes[operand]!.origin;
  return g.node(slice.name, [operand], {
    starts: [0, 0, first, 0],
    ends: shape.map((extent, axis) => (axis === 2 ? end : extent)),
    steps: [1, 1, 1, 1],
  });
}

/** The same node for other rows. */
function repeat(g: GraphBuilder, node: Node, inputs: readonly ValueId[]): ValueId {
  if (!isFusion(node)) return g.copy({ ...node, origin: g.origin }, inputs);
  const body = retypedBody(node.attrs.body, (_type, i) => g.typeOf(inputs[i]!));
  return g.node(fusion.name, inputs, { body });
}
