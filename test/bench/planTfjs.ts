/**
 * A graph as a plan for tfjs, with its numbers: the same layers in NHWC, with what tfjs can fuse already fused. What
 * depends on parameters only is computed here. An operation that the benches' nets do not have is refused.
 */
import { parameterValues } from '../../compiler/ir/parameterValues.ts';
import { nodeOf, type Graph, type Node, type ValueId } from '../../compiler/ir/types.ts';
import { numbersOf, type Parameters } from './parameterNumbers.ts';
import { permute, permuteShape, toNhwcShape } from './permute.ts';
import type { Activation, Pair, Sides, Step, StoredTensor, TfjsPlan, Value } from './workers/tfjsPlan.ts';

export interface PlannedNet {
  readonly plan: TfjsPlan;
  readonly numbers: Float32Array;
}

interface Site {
  readonly graph: Graph;
  readonly parameters: Parameters;
  readonly known: ReadonlySet<ValueId>;
  readonly readers: ReadonlyMap<ValueId, readonly Node[]>;
  readonly tensors: StoredTensor[];
  readonly chunks: Float32Array[];
  readonly stored: Map<string, Value>;
  /** A layer's result stands where its activation's would: value to value. */
  readonly same: Map<ValueId, ValueId>;
  nextValue: number;
  nextOffset: number;
}

/** `output` names the graph's output that is wanted; with `fuses` activations go into the layers before them. */
export function planTfjs(graph: Graph, parameters: Parameters, output: string, fuses: boolean): PlannedNet {
  const site = createSite(graph, parameters);
  const wanted = graph.outputs.find(({ name }) => name === output)!.value;
  const steps = computedNodes(site, wanted).flatMap((node) => stepOf(site, node, fuses));
  const image = graph.nodes.find((node) => node.op === 'input' && node.attrs.name === 'image')!;
  const plan: TfjsPlan = {
    input: { value: image.id, shape: toNhwcShape(image.type.shape) },
    steps,
    output: resolve(site, wanted),
    tensors: site.tensors,
  };
  return { plan, numbers: join(site.chunks, site.nextOffset) };
}

function createSite(graph: Graph, parameters: Parameters): Site {
  const readers = new Map<ValueId, Node[]>();
  for (const node of graph.nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  // A training graph's parameters are updated, and known nevertheless.
  const known = parameterValues({ ...graph, updates: [] });
  const lists = { tensors: [], chunks: [], stored: new Map<string, Value>(), same: new Map() };
  return {
    ...{ graph, parameters, known, readers, ...lists },
    nextValue: graph.nodes.length,
    nextOffset: 0,
  };
}

/** The nodes in order, without those that only statistics or a loss need. */
function computedNodes({ graph, known }: Site, wanted: ValueId): Node[] {
  const needed = new Set([wanted]);
  for (const node of graph.nodes.toReversed()) {
    const isImplied = node.op === 'batchNorm' && operandNodes(graph, node)[3]?.op === 'batchMean';
    const inputs: readonly ValueId[] = isImplied ? node.inputs.slice(0, 3) : node.inputs;
    if (needed.has(node.id)) for (const input of inputs) needed.add(input);
  }
  return graph.nodes.filter(({ id, op }) => needed.has(id) && !known.has(id) && op !== 'input');
}

const operandNodes = (graph: Graph, node: Node): Node[] => node.inputs.map((input) => nodeOf(graph, input));

function resolve(site: Site, value: ValueId): Value {
  const other = site.same.get(value);
  return other === undefined ? value : resolve(site, other);
}

/** The value of an operand: of what has been computed, or of numbers for any shape of NCHW. */
function valueOf(site: Site, value: ValueId): Value {
  if (!site.known.has(value)) return resolve(site, value);
  const { shape } = nodeOf(site.graph, value).type;
  const padded = [...Array<number>(4 - shape.length).fill(1), ...shape];
  const numbers = numbersOf(site.graph, value, site.parameters);
  const order = [0, 2, 3, 1];
  return store(site, `${value}`, permuteShape(padded, order), () => permute(numbers, padded, order));
}

function store(site: Site, key: string, shape: readonly number[], make: () => Float32Array): Value {
  const before = site.stored.get(key);
  if (before !== undefined) return before;
  const value = site.nextValue++;
  const numbers = make();
  site.stored.set(key, value);
  site.tensors.push({ value, shape, offset: site.nextOffset });
  site.chunks.push(numbers);
  site.nextOffset += numbers.length;
  return value;
}

const vector = (site: Site, value: ValueId): Value => {
  const numbers = numbersOf(site.graph, value, site.parameters);
  return store(site, `${value} vector`, [numbers.length], () => numbers);
};

/** The activation that is the only reader of a node's value, if tfjs can do both at once. */
function activationBehind(site: Site, node: Node, fuses: boolean): Activation {
  const [reader, ...others] = site.readers.get(node.id) ?? [];
  const kind = reader && activationOf(reader);
  const isOutput = site.graph.outputs.some(({ value }) => value === node.id);
  if (!fuses || !kind || others.length > 0 || isOutput) return 'linear';
  site.same.set(reader.id, node.id);
  return kind;
}

function activationOf(node: Node): 'relu' | 'relu6' | undefined {
  if (node.op === 'relu') return 'relu';
  return node.op === 'clip' && node.attrs.low === 0 && node.attrs.high === 6 ? 'relu6' : undefined;
}

function stepOf(site: Site, node: Node, fuses: boolean): Step[] {
  if (site.same.has(node.id)) return [];
  const to = node.id;
  const inputs: readonly ValueId[] = node.inputs;
  const [x = 0, y = 0] = inputs;
  const at = (value: ValueId): Value => valueOf(site, value);
  switch (node.op) {
    case 'conv2d':
      return [convolution(site, node, fuses)];
    case 'linear':
      return [product(site, node, fuses)];
    case 'relu':
    case 'clip':
      return [{ op: activationOf(node) ?? refuse(node), to, x: at(x) }];
    case 'maxPool':
    case 'averagePool':
      return [pool(site, node)];
    case 'globalAveragePool': {
      const mean = site.nextValue++;
      const shape = toNhwcShape(node.type.shape);
      return [
        { op: 'globalAveragePool', to: mean, x: at(x) },
        { op: 'reshape', to, x: mean, shape },
      ];
    }
    case 'add':
    case 'mul':
      return [{ op: node.op, to, a: at(x), b: at(y) }];
    case 'concat':
      return [{ op: 'concat', to, xs: inputs.map(at), axis: [0, 3, 1, 2][node.attrs.axis]! }];
    case 'slice':
      return [slice(site, node)];
    case 'pad': {
      const { before, after, mode, value } = node.attrs;
      const ends = toNhwcShape(after);
      const sides = toNhwcShape(before).map((extent, axis): Pair => [extent, ends[axis]!]);
      return mode === 'constant' ? [{ op: 'pad', to, x: at(x), sides, value }] : refuse(node);
    }
    case 'flatten':
      // The numbers lie in another order than in PyTorch; so do the weights of the product after it.
      return [{ op: 'reshape', to, x: at(x), shape: node.type.shape }];
    case 'batchNorm': {
      const [, scale = 0, offset = 0] = inputs;
      const parameters = { scale: vector(site, scale), offset: vector(site, offset) };
      return [{ op: 'batchNorm', to, x: at(x), ...parameters, epsilon: node.attrs.epsilon }];
    }
    default:
      return refuse(node);
  }
}

function refuse(node: Node): never {
  throw new Error(`the tfjs bench has no ${node.op} (${node.origin.path})`);
}

/** Where PyTorch has these axes: height, width, input and output channels. */
const HWIO = [2, 3, 1, 0];

function convolution(site: Site, node: Node<'conv2d'>, fuses: boolean): Step {
  const { stride, padding, dilation, groups } = node.attrs;
  const [x, w, b] = node.inputs;
  const shape = nodeOf(site.graph, w!).type.shape;
  const [outChannels = 0, depth = 0] = shape;
  const shared = {
    ...{ to: node.id, x: valueOf(site, x!), bias: b === undefined ? undefined : vector(site, b) },
    ...{ strides: pair(stride), dilations: pair(dilation), sides: sidesOf(padding) },
    activation: activationBehind(site, node, fuses),
  };
  const numbers = numbersOf(site.graph, w!, site.parameters);
  const part = (key: string, from: number, to: number, order: readonly number[] = HWIO): Value => {
    const size = numbers.length / outChannels;
    const partShape = [to - from, ...shape.slice(1)];
    const make = () => permute(numbers.subarray(from * size, to * size), partShape, order);
    return store(site, `${w} ${key}`, permuteShape(partShape, order), make);
  };
  if (groups === 1) return { op: 'conv2d', ...shared, filter: part('filter', 0, outChannels) };
  // Height, width, channels, multiplier.
  if (depth === 1 && outChannels === groups)
    return { op: 'depthwiseConv2d', ...shared, filter: part('filter', 0, outChannels, [2, 3, 0, 1]) };
  const each = outChannels / groups;
  const filters = Array.from({ length: groups }, (_, i) => part(`group ${i}`, i * each, (i + 1) * each));
  return { op: 'groupedConv2d', ...shared, filters };
}

/** Weights lie [in, out], their rows in the order in which NHWC has been flattened. */
function product(site: Site, node: Node<'linear'>, fuses: boolean): Step {
  const [x, w, b] = node.inputs;
  const weight = nodeOf(site.graph, w!);
  const [features = 0, depth = 0] = weight.type.shape;
  const before = nodeOf(site.graph, x!);
  const image = before.op === 'flatten' ? nodeOf(site.graph, before.inputs[0]!).type.shape : [1, depth];
  const [, channels = 1, height = 1, width = 1] = image;
  const make = (): Float32Array =>
    permute(numbersOf(site.graph, w!, site.parameters), [features, channels, height, width], [2, 3, 1, 0]);
  return {
    ...{ op: 'matMul', to: node.id, x: valueOf(site, x!) },
    weight: store(site, `${w} product`, [depth, features], make),
    bias: b === undefined ? undefined : vector(site, b),
    activation: activationBehind(site, node, fuses),
  };
}

/** Every n-th pixel is an average of one: tfjs has no gradient of slices with steps. */
function slice(site: Site, node: Node<'slice'>): Step {
  const { starts, ends, steps } = node.attrs;
  const [to, x] = [node.id, valueOf(site, node.inputs[0]!)];
  const { shape } = nodeOf(site.graph, node.inputs[0]!).type;
  const isWhole = shape.every((extent, axis) => starts[axis] === 0 && ends[axis] === extent);
  const [batchStep, channelStep, ...strides] = steps;
  if (isWhole && batchStep === 1 && channelStep === 1 && strides.length === 2)
    return { op: 'averagePool', to, x, kernel: [1, 1], strides: pair(strides), sides: [0, 0, 0, 0] };
  const [begin = [], end = [], all = []] = [starts, ends, steps].map(toNhwcShape);
  return { op: 'slice', to, x, begin, end, strides: all };
}

function pool(site: Site, node: Node<'maxPool'> | Node<'averagePool'>): Step {
  const { kernel, stride, padding, dilation } = node.attrs;
  const input = nodeOf(site.graph, node.inputs[0]!).type.shape;
  // What a window reaches beyond the image is padding here; a maximum does not look at padding.
  const reach = [0, 1].map((axis) => {
    const end = (node.type.shape[axis + 2]! - 1) * stride[axis]! + kernel[axis]!;
    return Math.max(padding[axis + 2]!, end - input[axis + 2]! - padding[axis]!);
  });
  const sides = sidesOf([padding[0], padding[1], reach[0]!, reach[1]!]);
  const isAverageOfPadding = node.op === 'averagePool' && sides.some((side) => side > 0);
  if (isAverageOfPadding || dilation.some((extent) => extent !== 1)) refuse(node);
  const [kernelPair, strides] = [pair(kernel), pair(stride)];
  return { op: node.op, to: node.id, x: valueOf(site, node.inputs[0]!), kernel: kernelPair, strides, sides };
}

const pair = ([a = 0, b = 0]: readonly number[]): Pair => [a, b];

/** From top, left, bottom, right, as ONNX has them. */
const sidesOf = ([top = 0, left = 0, bottom = 0, right = 0]: readonly number[]): Sides => [
  top,
  bottom,
  left,
  right,
];

function join(chunks: readonly Float32Array[], length: number): Float32Array {
  const all = new Float32Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
