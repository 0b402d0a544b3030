/**
 * Postcondition: where a large pointwise value is read by a 1x1 convolution only (DenseNet's norm and activation before
 * a bottleneck), the two run band by band of rows, so that the value never exists as a whole: it lay at the peak of
 * memory, and the estimate of the peak has fallen. Bands are slices and parts of a concatenation, which cost nothing.
 */
import { createGraphBuilder, soleUser, usesOf, type GraphBuilder } from '../ir/builder.ts';
import { nodeOf, sizeOf, type Graph, type Node, type OpName, type ValueId } from '../ir/types.ts';
import { bodyNodes } from '../ops/fusion.ts';
import { definitionOf } from '../ops/index.ts';
import { infer, rewrite } from '../ops/infer.ts';
import { fusionRoot } from '../ops/reference.ts';
import { orderModel, peakOfOrder } from './shared/orderModel.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

/** Enough to make the value small beside what stands around it. */
const BANDS = 4;

/** Below this share of the peak a value does not hold it. */
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

/** Pointwise values of planes with the convolution that alone reads them. */
function pairsIn(graph: Graph): [value: Node, convolution: Node][] {
  const uses = usesOf(graph);
  return graph.nodes.flatMap((value): [Node, Node][] => {
    if (!isPointwise(value) || value.type.shape.length !== 4 || value.type.shape[2]! < 2 * BANDS) return [];
    const reader = soleUser(graph, uses, value.id);
    return reader && looksAtOnePlace(graph, reader) && reader.inputs[0] === value.id ? [[value, reader]] : [];
  });
}

const isPointwise = (node: Node): boolean =>
  (node.op === 'fusion' ? bodyNodes(node.attrs.body) : [node]).every(
    ({ op, attrs }) => definitionOf<OpName>(op).pointwise !== undefined && !('shape' in attrs),
  );

/** A 1x1 convolution whose tail reads nothing of the size of planes. */
function looksAtOnePlace(graph: Graph, node: Node): boolean {
  const root = fusionRoot(node);
  if (root.op !== 'conv2d') return false;
  const { stride, padding } = root.attrs;
  const [, weight, ...others] = node.inputs.map((input: ValueId) => nodeOf(graph, input).type.shape);
  return (
    weight!.slice(2).every((extent) => extent === 1) &&
    [...stride, ...padding].join() === '1,1,0,0,0,0' &&
    others.every((shape) => shape.length < 4)
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
  // It has been copied by now; nobody reads it any more.
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
  return g.node('concat', bands, { axis: 2 });
}

/** Of operands that are planes themselves; what is broadcast over the rows stays as it is. */
function rowsOf(g: GraphBuilder, operand: ValueId, rows: number, first: number, end: number): ValueId {
  const shape = g.shapeOf(operand);
  if (shape.length !== 4 || shape[2] !== rows) return operand;
  g.origin = g.nodes[operand]!.origin;
  return g.node('slice', [operand], {
    starts: [0, 0, first, 0],
    ends: shape.map((extent, axis) => (axis === 2 ? end : extent)),
    steps: [1, 1, 1, 1],
  });
}

/** The same node on other rows. */
function repeat(g: GraphBuilder, node: Node, inputs: readonly ValueId[]): ValueId {
  if (node.op !== 'fusion') return g.copy({ ...node, origin: g.origin } as Node, inputs);
  const body = createGraphBuilder(node.attrs.body.name, infer);
  const given = inputs.map(g.typeOf);
  const renamed: ValueId[] = [];
  for (const inner of node.attrs.body.nodes) {
    body.origin = inner.origin;
    renamed[inner.id] =
      inner.op === 'input'
        ? body.node('input', [], { ...inner.attrs, type: given.shift()! })
        : body.copy(
            inner,
            inner.inputs.map((input: ValueId) => renamed[input]!),
          );
  }
  const outputs = node.attrs.body.outputs.map(({ name, value }) => ({ name, value: renamed[value]! }));
  return g.node('fusion', inputs, { body: body.finish(outputs) });
}
