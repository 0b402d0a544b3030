/**
 * Conv and ConvTranspose. A convolution over one axis runs as one over an image of one row. A convolution over three
 * axes runs as a sum of convolutions, one for each depth of the kernel.
 */
import { binary } from '../../recorded/algebra/arithmetic.ts';
import { cut, padConstant, reshape, slice, transpose } from '../../recorded/algebra/movement.ts';
import { live, operation, shapeOf, type Options, type Value } from '../../recorded/calls.ts';
import { allFree, makeLayer } from '../../recorded/layers.ts';
import type { Known } from '../../recorded/known.ts';
import type { NodeView } from '../node.ts';
import type { Translations } from './types.ts';
import { halves, pairOf, planar, readWindow, shortPair, windowOptions, type Window } from './window.ts';

interface Convolution {
  readonly window: Window;
  readonly groups: number;
  readonly weight: Value;
  readonly bias: Value | undefined;
}

function readConvolution(node: NodeView): Convolution {
  const weight = node.value(1);
  const rank = shapeOf(weight).length;
  if (rank < 3 || rank !== shapeOf(node.value(0)).length)
    node.refuse('CNNC3015', `its input has rank ${shapeOf(node.value(0)).length}, its weight rank ${rank}`);
  const groups = node.int('group', 1);
  if (!(groups >= 1)) node.refuse('CNNC3015', `the attribute group is ${groups}`);
  return { window: readWindow(node, shapeOf(weight).slice(2)), groups, weight, bias: node.inputs[2] };
}

/** The shape [.., L] as [.., 1, L]. */
const withRow = (shape: readonly number[]): number[] => [...shape.slice(0, -1), 1, ...shape.slice(-1)];
const withoutRow = (shape: readonly number[]): number[] => [...shape.slice(0, -2), ...shape.slice(-1)];

/** The translations over two axes and over three. */
interface Ways<C extends Convolution> {
  readonly plane: (node: NodeView, x: Value, convolution: C) => Value;
  readonly volume: (node: NodeView, x: Value, convolution: C) => Value;
}

/** Chooses the translation by rank. `flatten` turns a convolution over one axis into one over an image of one row. */
function byRank<C extends Convolution>(
  node: NodeView,
  convolution: C,
  flatten: (convolution: C) => C,
  { plane, volume }: Ways<C>,
): Value {
  const x = node.value(0);
  const shape = shapeOf(x);
  if (shape.length === 4) return plane(node, x, convolution);
  if (shape.length === 5) return volume(node, x, convolution);
  if (shape.length !== 3)
    return node.refuse('CNNC3016', `convolutions over ${shape.length - 2} axes are not supported`);
  const row = plane(node, reshape(node.r, x, withRow(shape)), flatten(convolution));
  return reshape(node.r, row, withoutRow(shapeOf(row)));
}

const conv = (node: NodeView): Value =>
  byRank(node, readConvolution(node), (one) => flat(node, one), { plane: conv2d, volume: conv3d });

const flat = (node: NodeView, { window, weight, ...rest }: Convolution): Convolution => ({
  ...rest,
  window: planar(window),
  weight: reshape(node.r, weight, withRow(shapeOf(weight))),
});

function conv2d(node: NodeView, x: Value, { window, groups, weight, bias }: Convolution): Value {
  const { r } = node;
  const [stride, dilation] = [pairOf(window.stride), pairOf(window.dilation)];
  if (weight.kind === 'known' && allFree(node, 1, 2)) {
    const options: Options = {
      channels: weight.shape[0]!,
      ...windowOptions(window),
      groups: groups === 1 ? undefined : groups,
      bias: bias ? undefined : false,
    };
    checkChannels(node, shapeOf(x)[1]!, weight.shape[1]! * groups);
    return makeLayer(node, 'conv2d', live(r, x), options, { weight, bias: bias as Known }, weight.source);
  }
  const operands = [x, weight, ...(bias ? [bias] : [])].map((value) => live(r, value));
  const padding = [...window.before, ...window.after];
  return operation(r, 'f32', 'conv2d', operands, { stride, padding, dilation, groups });
}

function checkChannels(node: NodeView, has: number, expected: number): void {
  if (has !== expected)
    node.refuse('CNNC3015', `the input has ${has} channels, the weight expects ${expected}`);
}

/** [N, C, D, H, W] as images [N * D, C, H, W]. */
function asImages(node: NodeView, x: Value): Value {
  const [n, c, d, h, w] = shapeOf(x);
  return reshape(node.r, transpose(node.r, x, [0, 2, 1, 3, 4]), [n! * d!, c!, h!, w!]);
}

function asVolumes(node: NodeView, images: Value, depth: number): Value {
  const [nd, c, h, w] = shapeOf(images);
  return transpose(node.r, reshape(node.r, images, [nd! / depth, depth, c!, h!, w!]), [0, 2, 1, 3, 4]);
}

/** The part of the window that lies in a plane. */
const planeOf = (window: Window): Window => ({
  ...window,
  kernel: window.kernel.slice(1),
  stride: window.stride.slice(1),
  dilation: window.dilation.slice(1),
  before: window.before.slice(1),
  after: window.after.slice(1),
});

/** The weight [O, C, KD, KH, KW] at one depth. */
function weightAt(node: NodeView, weight: Value, depth: number): Value {
  const [o, c, , h, w] = shapeOf(weight);
  return reshape(node.r, cut(node.r, weight, 2, depth, depth + 1), [o!, c!, h!, w!]);
}

/** The largest depth of a kernel. Each depth needs its own convolution. */
const MAX_DEPTH = 64;

function depths(node: NodeView, window: Window): number[] {
  const [depth] = window.kernel as [number];
  if (depth > MAX_DEPTH) node.refuse('CNNC3016', `kernels deeper than ${MAX_DEPTH} are not supported`);
  return Array.from({ length: depth }, (_, at) => at);
}

function padDepth(node: NodeView, x: Value, before: number, after: number): Value {
  const amounts = (amount: number): number[] => shapeOf(x).map((_, axis) => (axis === 2 ? amount : 0));
  return padConstant(node.r, x, amounts(before), amounts(after));
}

function conv3d(node: NodeView, x: Value, { window, groups, weight, bias }: Convolution): Value {
  const [stride, dilation] = [window.stride[0]!, window.dilation[0]!];
  const padded = padDepth(node, x, window.before[0]!, window.after[0]!);
  const room = shapeOf(padded)[2]! - (window.kernel[0]! - 1) * dilation - 1;
  if (room < 0) node.refuse('CNNC3015', 'the kernel is deeper than its padded input');
  const count = Math.floor(room / stride) + 1;
  const parts = depths(node, window).map((depth) => {
    const taken = slice(
      node.r,
      padded,
      shapeOf(padded).map((extent, axis) =>
        axis === 2 ? { start: depth * dilation, count, step: stride } : { start: 0, count: extent, step: 1 },
      ),
    );
    // Only one of the parts adds the bias.
    const part = { window: planeOf(window), groups, weight: weightAt(node, weight, depth), bias: undefined };
    return conv2d(node, asImages(node, taken), depth === 0 ? { ...part, bias } : part);
  });
  return asVolumes(node, sum(node, parts), count);
}

const sum = (node: NodeView, parts: readonly Value[]): Value =>
  parts.reduce((total, part) => binary(node.r, 'add', total, part));

interface Transposed extends Convolution {
  readonly outputPadding: readonly number[];
}

/** Reads ConvTranspose. `output_shape` and `auto_pad` decide what is cut off the full result. */
function readTransposed(node: NodeView): Transposed {
  const convolution = readConvolution(node);
  const { window } = convolution;
  const extents = shapeOf(node.value(0)).slice(2);
  const outputPadding = node.ints('output_padding') ?? extents.map(() => 0);
  const wanted = node.ints('output_shape');
  const mode = node.text('auto_pad', 'NOTSET');
  const isSame = mode === 'SAME_UPPER' || mode === 'SAME_LOWER';
  if (!wanted && !isSame) return { ...convolution, outputPadding };
  const sizes = wanted?.slice(-extents.length) ?? extents.map((extent, i) => extent * window.stride[i]!);
  const totals = extents.map((extent, i) => {
    const span = (window.kernel[i]! - 1) * window.dilation[i]! + 1;
    return window.stride[i]! * (extent - 1) + (outputPadding[i] ?? 0) + span - (sizes[i] ?? 0);
  });
  // A larger `output_shape` is padded at the end.
  const more = totals.map((total, i) => (outputPadding[i] ?? 0) + Math.max(-total, 0));
  const [before, after] = halves(
    totals.map((total) => Math.max(total, 0)),
    mode === 'SAME_UPPER',
  );
  return { ...convolution, window: { ...window, before, after }, outputPadding: more };
}

const convTranspose = (node: NodeView): Value =>
  byRank(
    node,
    readTransposed(node),
    (one) => ({ ...flat(node, one), outputPadding: [0, ...one.outputPadding] }),
    { plane: transpose2d, volume: transpose3d },
  );

function transpose2d(
  node: NodeView,
  x: Value,
  { window, groups, weight, bias, outputPadding }: Transposed,
): Value {
  const { r } = node;
  const [stride, dilation] = [pairOf(window.stride), pairOf(window.dilation)];
  // There can be more rows that no window reaches than the layer allows.
  const isWithin = outputPadding.every(
    (extra, i) => extra < Math.max(window.stride[i]!, window.dilation[i]!),
  );
  if (!isWithin) return withMoreRows(node, x, { window, groups, weight, bias, outputPadding });
  const outputs = pairOf(outputPadding);
  if (weight.kind === 'known' && allFree(node, 1, 2)) {
    const options: Options = {
      channels: weight.shape[1]! * groups,
      ...windowOptions(window),
      outputPadding: outputs.some((extra) => extra > 0) ? shortPair(outputs) : undefined,
      groups: groups === 1 ? undefined : groups,
      bias: bias ? undefined : false,
    };
    checkChannels(node, shapeOf(x)[1]!, weight.shape[0]!);
    return makeLayer(
      node,
      'convTranspose2d',
      live(r, x),
      options,
      { weight, bias: bias as Known },
      weight.source,
    );
  }
  const operands = [x, weight, ...(bias ? [bias] : [])].map((value) => live(r, value));
  const padding = [...window.before, ...window.after];
  const attrs = { stride, padding, dilation, groups, outputPadding: outputs };
  return operation(r, 'f32', 'convTranspose2d', operands, attrs);
}

function withMoreRows(node: NodeView, x: Value, { bias, outputPadding, ...rest }: Transposed): Value {
  const y = transpose2d(node, x, { ...rest, bias: undefined, outputPadding: outputPadding.map(() => 0) });
  const padded = padConstant(node.r, y, [0, 0, 0, 0], [0, 0, ...outputPadding]);
  if (!bias) return padded;
  return binary(node.r, 'add', padded, reshape(node.r, bias, [shapeOf(bias)[0]!, 1, 1]));
}

/** Each depth of the kernel spreads the whole input, shifted by its position. */
function transpose3d(node: NodeView, x: Value, transposed: Transposed): Value {
  const { window, groups, weight, bias, outputPadding } = transposed;
  const [depth, dilation, kernel] = [shapeOf(x)[2]!, window.dilation[0]!, window.kernel[0]!];
  const images = asImages(node, x);
  const parts = depths(node, window).map((at) => {
    const part = { window: planeOf(window), groups, weight: weightAt(node, weight, at), bias: undefined };
    const y = transpose2d(node, images, { ...part, outputPadding: outputPadding.slice(1) });
    const spread = spreadDepth(node, asVolumes(node, y, depth), window.stride[0]!);
    return padDepth(node, spread, at * dilation, (kernel - 1 - at) * dilation + outputPadding[0]!);
  });
  const full = sum(node, parts);
  const cropped = cut(node.r, full, 2, window.before[0]!, shapeOf(full)[2]! - window.after[0]!);
  if (!bias) return cropped;
  return binary(node.r, 'add', cropped, reshape(node.r, bias, [shapeOf(bias)[0]!, 1, 1, 1]));
}

/** Inserts stride - 1 zeros between neighbours along the depth. */
function spreadDepth(node: NodeView, x: Value, stride: number): Value {
  if (stride === 1) return x;
  const [n, c, d, h, w] = shapeOf(x);
  const apart = reshape(node.r, x, [n!, c!, d!, 1, h! * w!]);
  const padded = padConstant(node.r, apart, [0, 0, 0, 0, 0], [0, 0, 0, stride - 1, 0]);
  const joined = reshape(node.r, padded, [n!, c!, d! * stride, h!, w!]);
  return cut(node.r, joined, 2, 0, (d! - 1) * stride + 1);
}

export const convolution: Translations = { Conv: conv, ConvTranspose: convTranspose };
