/**
 * convTranspose2d: the transpose of conv2d as an operator (deconvolution), as in PyTorch and ONNX:
 * out[n, o, y, x] = bias[o] + sum over (i, ky, kx) and the places (iy, ix) with
 * y = iy * stride + ky * dilation - padding of x[n, i, iy, ix] * weight[i, o, ky, kx].
 *
 *   x      f32[N, I, H, W]
 *   weight f32[I, O / groups, KH, KW]
 *   bias   f32[O], optional
 *   out    f32[N, O, H', W'], H' = (H - 1) * stride - padding + dilation * (KH - 1) + 1 + outputPadding
 */
import { f32, type TensorType, type ValueId } from '../ir/types.ts';
import type { GraphBuilder } from '../ir/builder.ts';
import { convMultiplyAdds, convWindow } from './conv2d.ts';
import type { Conv2dAttrs } from './shared/convolution.ts';
import { defineConvTransposed } from './conv2dInputGradient.ts';
import { bytesOf } from './shared/cost.ts';
import { int, ints, text, type OnnxSite } from './shared/onnx.ts';
import { slidingAttributes } from './shared/onnxWindow.ts';
import { checkPlanes } from './shared/planes.ts';
import { checkWindow, windowExtent, type Padding, type Pair } from './shared/window.ts';
import { planeOf, windowSight, pair } from './shared/sight.ts';
import type { ChannelMap, Sight } from './facts.ts';
import { biasGradient, checkBias, checkGroupCount, convAttrs, groupedAxes } from './shared/convolution.ts';
import type { OpDefinition, Reject } from './types.ts';
import { convTransposedSum } from './shared/convFormula.ts';

export interface ConvTranspose2dAttrs extends Conv2dAttrs {
  /** Rows at the bottom and columns at the right that are added to the result. */
  readonly outputPadding: Pair;
}

declare module '../ir/types.ts' {
  interface Attrs {
    convTranspose2d: ConvTranspose2dAttrs;
  }
}

function outputExtent(
  axis: 0 | 1,
  x: readonly number[],
  weight: readonly number[],
  attrs: ConvTranspose2dAttrs,
  reject: Reject,
): number {
  const span = windowExtent(weight[axis + 2]!, attrs.dilation[axis]);
  const added = attrs.outputPadding[axis];
  const [stride, dilation] = [attrs.stride[axis], attrs.dilation[axis]];
  if (!(Number.isInteger(added) && added >= 0 && added < Math.max(stride, dilation))) {
    reject(
      'CNNC1204',
      `the output padding is ${added}, expected less than the stride ${stride} or the dilation ${dilation}`,
    );
  }
  const whole = (x[axis + 2]! - 1) * stride + span + added;
  const extent = whole - attrs.padding[axis] - attrs.padding[axis + 2]!;
  if (extent < 1) {
    const side = axis === 0 ? 'height' : 'width';
    reject(
      'CNNC1204',
      `the padding [${attrs.padding.join(', ')}] leaves nothing of the result's ${side} ${whole}`,
    );
  }
  return extent;
}

/**
 * The convolution that this operator is the transpose of, and the part of the result's gradient that it reads. An
 * output padding of a whole stride (possible with dilation) would give it more windows than the input has elements.
 * Then the output padding is subtracted from the padding, and the rest of it, which no input element reaches, is cut
 * off the gradient.
 */
function transposed(g: GraphBuilder, gradient: ValueId, attrs: ConvTranspose2dAttrs): [ValueId, Conv2dAttrs] {
  const { outputPadding, ...convolution } = attrs;
  if (outputPadding.every((added, axis) => added < attrs.stride[axis]!)) return [gradient, convolution];
  const [top, left, bottom, right] = attrs.padding;
  const [below, beside] = [bottom - outputPadding[0], right - outputPadding[1]];
  const padding: Padding = [top, left, Math.max(below, 0), Math.max(beside, 0)];
  const [n, channels, height, width] = g.shapeOf(gradient);
  const ends = [n!, channels!, height! + Math.min(below, 0), width! + Math.min(beside, 0)];
  const seen = g.node('slice', [gradient], { starts: [0, 0, 0, 0], ends, steps: [1, 1, 1, 1] });
  return [seen, { ...convolution, padding }];
}

const transposedChannels: ChannelMap<'convTranspose2d'> = {
  axis: 1,
  // [I, O / groups, ...]: the rows of each group have separate outputs.
  weightAxes: (weight, { groups }) => groupedAxes(weight, groups, 'inputs'),
  // Results at a border, and between strides, use only parts of the filters.
  seesWholeFilters: () => false,
};

/** Each element of the result reads those elements of the window that the stride leaves. */
function transposedSight([, weight]: readonly TensorType[], attrs: ConvTranspose2dAttrs): Sight {
  const { window, stride } = windowSight(planeOf(weight!), attrs.dilation, attrs.stride);
  return {
    window: pair((axis) => Math.ceil(window[axis] / stride[axis])),
    stride: pair((axis) => 1 / stride[axis]),
  };
}

export const convTranspose2d: OpDefinition<'convTranspose2d'> = {
  name: 'convTranspose2d',
  operands: ['x', 'weight', 'bias?'],
  formula(attrs, [, weight, bias]) {
    const sum = convTransposedSum(
      { weight: weight!.shape, groups: attrs.groups, window: convWindow(attrs, weight!.shape) },
      { value: 'x', line: 'i', channel: 'o' },
    );
    return bias ? `bias[o] + ${sum}` : sum;
  },
  channelMap: transposedChannels,
  sight: transposedSight,
  keepsExamples: true,

  infer([x, weight, bias], attrs, reject) {
    checkPlanes(x!, reject);
    if (weight!.shape.length !== 4)
      reject('CNNC1202', `the weight has rank ${weight!.shape.length}, expected 4 (I, O / groups, H, W)`);
    checkWindow(convWindow(attrs, weight!.shape), reject);
    const { groups } = attrs;
    checkGroupCount(groups, reject);
    const [channels, perGroup] = weight!.shape;
    if (x!.shape[1] !== channels)
      reject('CNNC1202', `the input has ${x!.shape[1]} channels, the weight expects ${channels}`);
    if (channels! % groups !== 0)
      reject('CNNC1204', `${channels} input channels cannot be split into ${groups} groups`);
    const outputs = perGroup! * groups;
    checkBias(bias, outputs, reject);
    const plane = ([0, 1] as const).map((axis) => outputExtent(axis, x!.shape, weight!.shape, attrs, reject));
    return { dtype: 'f32', shape: [x!.shape[0]!, outputs, ...plane] };
  },

  gradient(site) {
    const { attrs, inputs, gradient, g, needs } = site;
    const [x, weight] = inputs;
    const wanted = needs(0) || needs(1);
    const [seen, convolution] = wanted ? transposed(g, gradient, attrs) : [gradient, attrs];
    return [
      needs(0) ? g.node('conv2d', [seen, weight!], convolution) : undefined,
      // Input and result are exchanged: the window slides over the result.
      needs(1)
        ? g.node('conv2dWeightGradient', [seen, x!], { ...convolution, weightShape: g.shapeOf(weight!) })
        : undefined,
      biasGradient(site),
    ];
  },

  define({ attrs, inputs: [x, weight, bias], output }, k) {
    defineConvTransposed(k, attrs, x!, weight!, output, bias);
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: convMultiplyAdds(inputs[1]!.shape, inputs[0]!.shape),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: [
    sample('2x2, stride 2, bias', [2, 3, 4, 5], [3, 4, 2, 2], { stride: [2, 2] }, true),
    sample('3x3, stride 2, output padding 1', [1, 2, 4, 3], [2, 3, 3, 3], {
      stride: [2, 2],
      padding: [1, 1, 1, 1],
      outputPadding: [1, 1],
    }),
    sample(
      'padded unevenly, stride 2 by 3',
      [1, 2, 4, 3],
      [2, 3, 3, 4],
      { stride: [2, 3], padding: [0, 1, 2, 1] },
      true,
    ),
    sample('dilation 2 by 3', [1, 2, 5, 4], [2, 2, 3, 2], { dilation: [2, 3], padding: [1, 0, 1, 2] }),
    sample('stride and dilation', [1, 2, 4, 3], [2, 2, 2, 3], {
      stride: [2, 3],
      dilation: [3, 2],
      padding: [1, 1, 0, 1],
    }),
    sample(
      'two groups',
      [1, 4, 4, 4],
      [4, 3, 3, 3],
      { groups: 2, stride: [2, 2], padding: [1, 1, 1, 1] },
      true,
    ),
    sample('depthwise', [1, 5, 4, 3], [5, 1, 4, 4], { groups: 5, stride: [2, 2], padding: [1, 1, 1, 1] }),
    sample('depthwise, bias', [1, 4, 3, 8], [4, 1, 3, 3], { groups: 4, padding: [1, 1, 1, 1] }, true),
    sample(
      'wide: 5 to 10 channels',
      [1, 5, 3, 6],
      [5, 10, 4, 4],
      { stride: [2, 2], padding: [1, 1, 1, 1] },
      true,
    ),
    sample('1x1', [1, 5, 4, 3], [5, 4, 1, 1]),
    sample('stride larger than the kernel', [1, 2, 3, 4], [2, 2, 2, 1], { stride: [3, 2] }),
    sample(
      'output padding of a whole stride',
      [1, 2, 3, 4],
      [2, 2, 2, 2],
      { dilation: [3, 2], outputPadding: [2, 1] },
      true,
    ),
  ],

  onnx: (site) => {
    const { e, inputs, types, attrs } = site;
    // With dilation an output padding may be a whole stride or more, which onnxruntime does not support.
    if (attrs.outputPadding.some((added, axis) => added >= attrs.stride[axis]!))
      return onnxWidelyPadded(site);
    return e.emit('ConvTranspose', inputs, {
      ...slidingAttributes(attrs, types[1]!.shape.slice(2)),
      group: int(attrs.groups),
      output_padding: ints(attrs.outputPadding),
    });
  },
};

/**
 * Writes the form for wide output paddings: as in `transposed`, the output padding is subtracted from the padding,
 * and the rest is added as zeros.
 */
function onnxWidelyPadded({ e, inputs, types, attrs }: OnnxSite<'convTranspose2d'>): string {
  const [x, weight, bias] = inputs;
  const [top, left, ...after] = attrs.padding;
  const kept = after.map((amount, axis) => Math.max(amount - attrs.outputPadding[axis]!, 0));
  const added = after.map((amount, axis) => Math.max(attrs.outputPadding[axis]! - amount, 0));
  const value = e.emit('ConvTranspose', [x, weight], {
    ...slidingAttributes({ ...attrs, padding: [top, left, ...kept] }, types[1]!.shape.slice(2)),
    group: int(attrs.groups),
  });
  const whole = added.some((amount) => amount > 0)
    ? e.emit('Pad', [value, e.integers([0, 0, 0, 0, 0, 0, ...added])], { mode: text('constant') })
    : value;
  return bias === undefined ? whole : e.emit('Add', [whole, e.perChannel(bias, types[2]!.shape[0]!, 4)]);
}

function sample(
  name: string,
  x: number[],
  weight: number[],
  given: Partial<ConvTranspose2dAttrs> = {},
  bias = false,
) {
  const attrs = { outputPadding: [0, 0] as const, ...given, ...convAttrs(given) };
  const outputs = weight[1]! * attrs.groups;
  return { name, inputs: [x, weight, ...(bias ? [[outputs]] : [])].map((shape) => f32(...shape)), attrs };
}
