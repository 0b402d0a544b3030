/**
 * Receptive fields: how many rows and columns of the input one element of a value can see, borders not considered, and
 * how far the fields of neighbours lie apart. Luo et al. 2016, "Understanding the Effective Receptive Field".
 *
 *     field' = field + (window - 1) * jump       jump' = jump * stride
 */
import { nodeOf, type Graph, type Node, type OpName, type TensorType, type ValueId } from '../ir/types.ts';
import type { Pair, WindowAttrs } from './shared/window.ts';

export interface ReceptiveField {
  /** Rows and columns. */
  readonly size: Pair;
  /** Of the input, between two neighbours. */
  readonly jump: Pair;
}

/** Of every value that hangs on an input of planes; those that no rule knows have none, nor has what follows. */
export function receptiveFields(graph: Graph): ReadonlyMap<ValueId, ReceptiveField> {
  const fields = new Map<ValueId, ReceptiveField>();
  for (const node of graph.nodes) {
    const field = fieldOf(graph, node, fields);
    if (field) fields.set(node.id, field);
  }
  return fields;
}

function fieldOf(
  graph: Graph,
  node: Node,
  fields: ReadonlyMap<ValueId, ReceptiveField>,
): ReceptiveField | undefined {
  if (node.op === 'input') return node.type.shape.length === 4 ? { size: [1, 1], jump: [1, 1] } : undefined;
  const known = node.inputs.filter((input: ValueId) => fields.has(input));
  if (known.length === 0) return undefined;
  const before = known.map((input: ValueId) => fields.get(input)!).reduce(larger);
  const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
  const data = nodeOf(graph, known[0]!).type;
  return ruleOf(node, before, types, data);
}

const larger = (a: ReceptiveField, b: ReceptiveField): ReceptiveField => ({
  size: pair((axis) => Math.max(a.size[axis], b.size[axis])),
  jump: pair((axis) => Math.max(a.jump[axis], b.jump[axis])),
});

const pair = (of: (axis: 0 | 1) => number): Pair => [of(0), of(1)];

/** A window of so many elements, then only every `stride`th result. */
const seen = (before: ReceptiveField, window: Pair, stride: Pair): ReceptiveField => ({
  size: pair((axis) => before.size[axis] + (window[axis] - 1) * before.jump[axis]),
  jump: pair((axis) => before.jump[axis] * stride[axis]),
});

const plane = ({ shape }: TensorType): Pair => [shape[2] ?? 1, shape[3] ?? 1];

const spans = (kernel: Pair, dilation: Pair): Pair => pair((axis) => (kernel[axis] - 1) * dilation[axis] + 1);

/** Each element of the result sees the window's elements that a stride leaves it. */
const spread = (window: Pair, stride: Pair): Pair => pair((axis) => Math.ceil(window[axis] / stride[axis]));

const inverse = (stride: Pair): Pair => pair((axis) => 1 / stride[axis]);

const PLANE_WIDE: readonly OpName[] = ['globalAveragePool', 'globalMaxPool', 'globalLpPool', 'flatten'];
const NORMS: readonly OpName[] = ['instanceNorm', 'groupNorm', 'layerNorm'];

function ruleOf(
  node: Node,
  before: ReceptiveField,
  types: readonly TensorType[],
  data: TensorType,
): ReceptiveField | undefined {
  const all = (): ReceptiveField => seen(before, plane(data), [1, 1]);
  if (PLANE_WIDE.includes(node.op) || (NORMS.includes(node.op) && data.shape.length === 4)) return all();
  switch (node.op) {
    case 'conv2d':
    case 'locallyConnected2d': {
      const shape = types[1]!.shape;
      return seen(before, spans([shape.at(-2)!, shape.at(-1)!], node.attrs.dilation), node.attrs.stride);
    }
    case 'convTranspose2d': {
      const { dilation, stride } = node.attrs;
      return seen(before, spread(spans(plane(types[1]!), dilation), stride), inverse(stride));
    }
    case 'maxPool':
    case 'minPool':
    case 'averagePool':
    case 'lpPool': {
      const { kernel, dilation, stride }: WindowAttrs = node.attrs;
      return seen(before, spans(kernel, dilation), stride);
    }
    case 'maxUnpool':
    case 'resizeNearest':
      return seen(before, [1, 1], scaleOf(data, node.type));
    case 'resizeBilinear':
      return seen(before, [2, 2], scaleOf(data, node.type));
    case 'adaptiveAveragePool': {
      const scale = scaleOf(data, node.type);
      return seen(
        before,
        pair((axis) => Math.ceil(scale[axis])),
        scale,
      );
    }
    case 'pixelShuffle':
      return seen(before, [1, 1], inverse([node.attrs.factor, node.attrs.factor]));
    case 'pixelUnshuffle': {
      const { factor } = node.attrs;
      return seen(before, [factor, factor], [factor, factor]);
    }
    default:
      return passedOn(node, before, data);
  }
}

/** Input elements for one of the result, along rows and columns. */
const scaleOf = (from: TensorType, to: TensorType): Pair =>
  pair((axis) => plane(from)[axis] / plane(to)[axis]);

/** What looks at one place only: elementwise operations, concatenations, linear layers behind a flatten. */
function passedOn(node: Node, before: ReceptiveField, data: TensorType): ReceptiveField | undefined {
  const [from, to] = [data.shape.length, node.type.shape.length];
  const isPlain = node.op !== 'reshape' && node.op !== 'transpose' && node.op !== 'matmul';
  if (from === 4 && to === 4 && isPlain) return before;
  return from === 2 && to === 2 ? before : undefined;
}
