/**
 * The plan for tfjs as a model for TFLite. Both are NHWC, with batch normalization and activations already in the layers
 * before them. An operation that only training has is refused.
 */
import { permute } from '../permute.ts';
import type { Pair, Step, TfjsPlan, Value, Window } from '../workers/tfjsPlan.ts';
import {
  ACTIVATIONS,
  PADDINGS,
  type Field,
  type OperatorName,
  type TensorIndex,
  type TfliteModel,
  type TfliteOperator,
  type TfliteTensor,
} from './model.ts';

interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface Site {
  readonly parameters: ReadonlyMap<Value, Numbers>;
  readonly tensors: TfliteTensor[];
  readonly operators: TfliteOperator[];
  /** The tensors of the plan's values. */
  readonly known: Map<Value, TensorIndex>;
}

/** The steps that can be such an operation. */
type StepOf<K extends Step['op'], S extends Step = Step> = S extends Step
  ? K extends S['op']
    ? S
    : never
  : never;
type Convolution = StepOf<'conv2d'> | StepOf<'depthwiseConv2d'> | StepOf<'groupedConv2d'>;
type Arithmetic = StepOf<'add'> | StepOf<'mul'>;
type Pool = StepOf<'maxPool'> | StepOf<'averagePool'>;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
const byte = (value: number): Field => ({ byte: value });
const LINEAR = byte(ACTIVATIONS.linear);

/** `numbers` are those of the file beside the plan. */
export function planTflite(plan: TfjsPlan, numbers: Float32Array): TfliteModel {
  const parameters = plan.tensors.map(({ value, shape, offset }): [Value, Numbers] => [
    value,
    { shape, data: numbers.subarray(offset, offset + sizeOf(shape)) },
  ]);
  const site: Site = { parameters: new Map(parameters), tensors: [], operators: [], known: new Map() };
  const input = addResult(site, plan.input.value, plan.input.shape);
  for (const step of plan.steps) addStep(site, step);
  const { tensors, operators } = site;
  return { tensors, operators, input, output: tensorAt(site, plan.output) };
}

function addStep(site: Site, step: Step): void {
  switch (step.op) {
    case 'conv2d':
    case 'depthwiseConv2d':
    case 'groupedConv2d':
      return addConvolution(site, step);
    case 'maxPool':
    case 'averagePool':
      return addPool(site, step);
    case 'globalAveragePool':
      return addMean(site, step);
    case 'matMul':
      return addProduct(site, step);
    case 'add':
    case 'mul':
      return addArithmetic(site, step);
    case 'relu':
    case 'relu6':
      return addActivation(site, step);
    case 'reshape':
      return addReshape(site, step);
    case 'concat':
      return addConcatenation(site, step);
    case 'slice':
      return addSlice(site, step);
    case 'pad':
      return addPad(site, step);
    case 'batchNorm':
      throw new Error('the .tflite file of the bench is for inference, and batchNorm is for training');
    default:
      return step satisfies never;
  }
}

function addTensor(site: Site, tensor: TfliteTensor): TensorIndex {
  site.tensors.push(tensor);
  return site.tensors.length - 1;
}

const addFloats = (site: Site, { shape, data }: Numbers): TensorIndex =>
  addTensor(site, { shape, type: 'float32', data });

const addInts = (site: Site, values: readonly number[], shape = [values.length]): TensorIndex =>
  addTensor(site, { shape, type: 'int32', data: Int32Array.from(values) });

const addComputed = (site: Site, shape: readonly number[]): TensorIndex =>
  addTensor(site, { shape, type: 'float32' });

/** The tensor of a value that a step computes. */
function addResult(site: Site, value: Value, shape: readonly number[]): TensorIndex {
  const tensor = addComputed(site, shape);
  site.known.set(value, tensor);
  return tensor;
}

/** The tensor of a value. A parameter becomes a constant where it is first read. */
function tensorAt(site: Site, value: Value): TensorIndex {
  const tensor = site.known.get(value) ?? addFloats(site, site.parameters.get(value)!);
  site.known.set(value, tensor);
  return tensor;
}

const shapeAt = (site: Site, value: Value): readonly number[] => site.tensors[tensorAt(site, value)]!.shape;

/** Every layer has a bias, because the delegate of LiteRT.js does not take layers without one. */
const biasAt = (site: Site, bias: Value | undefined, channels: number): TensorIndex =>
  bias === undefined
    ? addFloats(site, { shape: [channels], data: new Float32Array(channels) })
    : tensorAt(site, bias);

function addOperator(
  site: Site,
  name: OperatorName,
  inputs: readonly TensorIndex[],
  output: TensorIndex,
  options: readonly Field[] = [],
): void {
  site.operators.push({ name, inputs, output, options });
}

interface Axis {
  readonly extent: number;
  readonly stride: number;
  /** The pixels between the first and the last that a window reads, and these two. */
  readonly reach: number;
  readonly before: number;
  readonly after: number;
}

const countOf = ({ extent, stride, reach, before, after }: Axis): number =>
  Math.floor((extent + before + after - reach) / stride) + 1;

/** SAME pads for `ceil(extent / stride)` results, and has the larger half of an odd number at the end. */
function isSame(axis: Axis): boolean {
  const { extent, stride, reach, before } = axis;
  const padding = Math.max(0, (countOf(axis) - 1) * stride + reach - extent);
  return Math.ceil(extent / stride) === countOf(axis) && before === Math.floor(padding / 2);
}

interface Slid {
  readonly input: TensorIndex;
  readonly padding: Field;
  /** Batch, height and width of the result. */
  readonly extents: readonly number[];
}

/**
 * A window that slides over `x`. TFLite knows SAME and VALID only, so other sides become a PAD before the layer. It pads
 * with zeros. Before a max pool this is right where no value is negative, as after the ReLU in the nets of the bench.
 */
function slide(
  site: Site,
  x: Value,
  kernel: Pair,
  { strides, sides }: Window,
  dilations: Pair = [1, 1],
): Slid {
  const [batch = 1, height = 1, width = 1, channels = 1] = shapeAt(site, x);
  const [top, bottom, left, right] = sides;
  const reach = (axis: 0 | 1): number => dilations[axis] * (kernel[axis] - 1) + 1;
  const axes: readonly Axis[] = [
    { extent: height, stride: strides[0], reach: reach(0), before: top, after: bottom },
    { extent: width, stride: strides[1], reach: reach(1), before: left, after: right },
  ];
  const extents = [batch, ...axes.map(countOf)];
  const input = tensorAt(site, x);
  if (axes.every(isSame)) return { input, padding: byte(PADDINGS.same), extents };
  const padding = byte(PADDINGS.valid);
  if (sides.every((side) => side === 0)) return { input, padding, extents };
  const padded = addComputed(site, [batch, height + top + bottom, width + left + right, channels]);
  const amounts = addInts(site, [0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  addOperator(site, 'PAD', [input, amounts], padded);
  return { input: padded, padding, extents };
}

/** TFLite has [outputs, height, width, inputs], and [1, height, width, outputs] for a depthwise convolution. */
function filterOf({ parameters }: Site, step: Convolution): Numbers {
  if (step.op === 'depthwiseConv2d') {
    const { shape, data } = parameters.get(step.filter)!;
    const [height = 1, width = 1, inputs = 1, multiplier = 1] = shape;
    return { shape: [1, height, width, inputs * multiplier], data };
  }
  // A convolution with groups is a CONV_2D whose filter has fewer channels than its input.
  const parts = 'filters' in step ? step.filters : [step.filter];
  const [height = 1, width = 1, inputs = 1, outputs = 1] = parameters.get(parts[0]!)!.shape;
  const size = sizeOf([height, width, inputs, outputs]);
  const data = new Float32Array(parts.length * size);
  parts.forEach((part, i) => {
    const { shape, data: numbers } = parameters.get(part)!;
    data.set(permute(numbers, shape, [3, 0, 1, 2]), i * size);
  });
  return { shape: [parts.length * outputs, height, width, inputs], data };
}

function addConvolution(site: Site, step: Convolution): void {
  const isDepthwise = step.op === 'depthwiseConv2d';
  const { shape, data } = filterOf(site, step);
  const [, height = 1, width = 1] = shape;
  const channels = isDepthwise ? shape[3]! : shape[0]!;
  const { input, padding, extents } = slide(site, step.x, [height, width], step, step.dilations);
  const [strideY, strideX] = step.strides;
  const [dilationY, dilationX] = step.dilations;
  const multiplier = isDepthwise ? [channels / shapeAt(site, step.x)[3]!] : [];
  const activation = byte(ACTIVATIONS[step.activation]);
  const inputs = [input, addFloats(site, { shape, data }), biasAt(site, step.bias, channels)];
  const output = addResult(site, step.to, [...extents, channels]);
  const options = [padding, strideX, strideY, ...multiplier, activation, dilationX, dilationY];
  addOperator(site, isDepthwise ? 'DEPTHWISE_CONV_2D' : 'CONV_2D', inputs, output, options);
}

function addPool(site: Site, step: Pool): void {
  const { input, padding, extents } = slide(site, step.x, step.kernel, step);
  const [strideY, strideX] = step.strides;
  const [kernelY, kernelX] = step.kernel;
  const output = addResult(site, step.to, [...extents, shapeAt(site, step.x)[3]!]);
  const name = step.op === 'maxPool' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D';
  addOperator(site, name, [input], output, [padding, strideX, strideY, kernelX, kernelY, LINEAR]);
}

function addMean(site: Site, { to, x }: StepOf<'globalAveragePool'>): void {
  const [batch = 1, , , channels = 1] = shapeAt(site, x);
  const inputs = [tensorAt(site, x), addInts(site, [1, 2])];
  // The averaged axes are left out.
  addOperator(site, 'MEAN', inputs, addResult(site, to, [batch, channels]), [byte(0)]);
}

/** The plan has [inputs, outputs], TFLite [outputs, inputs]. */
function addProduct(site: Site, { to, x, weight, bias, activation }: StepOf<'matMul'>): void {
  const { shape, data } = site.parameters.get(weight)!;
  const [inputs = 1, outputs = 1] = shape;
  const turned = permute(data, [1, 1, inputs, outputs], [0, 1, 3, 2]);
  const filter = addFloats(site, { shape: [outputs, inputs], data: turned });
  const output = addResult(site, to, [shapeAt(site, x)[0]!, outputs]);
  const operands = [tensorAt(site, x), filter, biasAt(site, bias, outputs)];
  addOperator(site, 'FULLY_CONNECTED', operands, output, [byte(ACTIVATIONS[activation])]);
}

function addArithmetic(site: Site, { op, to, a, b }: Arithmetic): void {
  const [first, second] = [shapeAt(site, a), shapeAt(site, b)];
  const rank = Math.max(first.length, second.length);
  const extent = (i: number): number => Math.max(first.at(i - rank) ?? 1, second.at(i - rank) ?? 1);
  const output = addResult(
    site,
    to,
    Array.from({ length: rank }, (_, i) => extent(i)),
  );
  addOperator(site, op === 'add' ? 'ADD' : 'MUL', [tensorAt(site, a), tensorAt(site, b)], output, [LINEAR]);
}

function addActivation(site: Site, { op, to, x }: StepOf<'relu' | 'relu6'>): void {
  const output = addResult(site, to, shapeAt(site, x));
  addOperator(site, op === 'relu' ? 'RELU' : 'RELU6', [tensorAt(site, x)], output);
}

function addReshape(site: Site, { to, x, shape }: StepOf<'reshape'>): void {
  addOperator(site, 'RESHAPE', [tensorAt(site, x), addInts(site, shape)], addResult(site, to, shape));
}

function addConcatenation(site: Site, { to, xs, axis }: StepOf<'concat'>): void {
  const shapes = xs.map((x) => shapeAt(site, x));
  const joined = shapes.reduce((sum, shape) => sum + shape[axis]!, 0);
  const output = addResult(site, to, shapes[0]!.with(axis, joined));
  const inputs = xs.map((x) => tensorAt(site, x));
  addOperator(site, 'CONCATENATION', inputs, output, [axis, LINEAR]);
}

function addSlice(site: Site, { to, x, begin, end, strides }: StepOf<'slice'>): void {
  const shape = begin.map((from, axis) => Math.ceil((end[axis]! - from) / strides[axis]!));
  const ranges = [begin, end, strides].map((values) => addInts(site, values));
  addOperator(site, 'STRIDED_SLICE', [tensorAt(site, x), ...ranges], addResult(site, to, shape));
}

function addPad(site: Site, { to, x, sides, value }: StepOf<'pad'>): void {
  if (value !== 0) throw new Error('the .tflite file of the bench pads with zeros only');
  const shape = shapeAt(site, x).map((extent, axis) => extent + sides[axis]![0] + sides[axis]![1]);
  const amounts = addInts(site, sides.flat(), [sides.length, 2]);
  addOperator(site, 'PAD', [tensorAt(site, x), amounts], addResult(site, to, shape));
}
