/**
 * conv2d: out[n, o, y, x] = bias[o] + sum over (i, ky, kx) of input * weight. As in all frameworks this is
 * cross-correlation: the kernel is not flipped.
 *
 *   x      f32[N, C, H, W]
 *   weight f32[O, C / groups, KH, KW]
 *   bias   f32[O], optional
 *   out    f32[N, O, H', W']
 */
import { sizeOf, type TensorType } from '../ir/types.ts';
import { add, fma, inside, mul } from '../kernel/expression.ts';
import { bytesOf } from './shared/cost.ts';
import { int } from './shared/onnx.ts';
import { slidingAttributes } from './shared/onnxWindow.ts';
import {
  checkWindow,
  windowedShape,
  windowPosition,
  type WindowAttrs,
  widerPadding,
} from './shared/window.ts';
import { windowSight, planeOf } from './shared/sight.ts';
import { convName } from './shared/names.ts';
import type { ChannelMap } from './facts.ts';
import {
  biasGradient,
  checkBias,
  checkGroupCount,
  convAttrs,
  groupedAxes,
  type Conv2dAttrs,
} from './shared/convolution.ts';
import type { OpDefinition, Reject } from './types.ts';
import { convSum } from './shared/convFormula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    conv2d: Conv2dAttrs;
  }
}

/** The window of a convolution whose weight has this shape. */
export const convWindow = (attrs: Conv2dAttrs, weight: readonly number[]): WindowAttrs => ({
  kernel: [weight[2]!, weight[3]!],
  stride: attrs.stride,
  padding: attrs.padding,
  dilation: attrs.dilation,
});

/** Multiply-adds of one convolution: every output element sums over one filter. */
export const convMultiplyAdds = (weight: readonly number[], output: readonly number[]): number =>
  sizeOf(output) * weight[1]! * weight[2]! * weight[3]!;

const convChannels: ChannelMap<'conv2d'> = {
  axis: 1,
  // [O, C / groups, ...]: the filters of each group have separate input channels.
  weightAxes: (weight, { groups }) => groupedAxes(weight, groups, 'outputs'),
  // A summand does not change the zeros of the padding.
  seesWholeFilters: ({ padding }) => padding.every((amount) => amount === 0),
};

export const conv2d: OpDefinition<'conv2d'> = {
  name: 'conv2d',
  operands: ['x', 'weight', 'bias?'],
  channelMap: convChannels,
  withBorder: (attrs, border) =>
    border.value === 0 ? { ...attrs, padding: widerPadding(attrs.padding, border) } : undefined,
  keepsRows: ([, weight], { stride, padding }) =>
    [...planeOf(weight!), ...stride].every((extent) => extent === 1) &&
    padding.every((amount) => amount === 0),
  sight: ([, weight], { dilation, stride }) => windowSight(planeOf(weight!), dilation, stride),
  kernelName: ([, weight], attrs) => convName(['conv2d', 'depthwise'], weight!.shape, attrs),
  keepsExamples: true,

  infer([x, weight, bias], attrs, reject) {
    checkConvOperands(x!, weight!, attrs, reject);
    const [n, , height, width] = x!.shape;
    const outputs = weight!.shape[0]!;
    checkBias(bias, outputs, reject);
    const window = convWindow(attrs, weight!.shape);
    return { dtype: 'f32', shape: [n!, outputs, ...windowedShape(height!, width!, window, reject)] };
  },

  gradient(site) {
    const { attrs, inputs, gradient, g, needs } = site;
    const [x, weight] = inputs;
    return [
      needs(0)
        ? g.node('conv2dInputGradient', [gradient, weight!], { ...attrs, inputShape: g.shapeOf(x!) })
        : undefined,
      needs(1)
        ? g.node('conv2dWeightGradient', [x!, gradient], { ...attrs, weightShape: g.shapeOf(weight!) })
        : undefined,
      biasGradient(site),
    ];
  },

  define({ attrs, inputs: [x, weight, bias], output }, k) {
    const [, , height, width] = x!.type.shape;
    const [outputs, channels, kernelHeight, kernelWidth] = weight!.type.shape;
    const window = convWindow(attrs, weight!.type.shape);
    const [n, , outHeight, outWidth] = output.type.shape;
    const perGroup = outputs! / attrs.groups;
    k.forEach(
      ['n', 'oy', 'ox', 'group', 'o'],
      [n!, outHeight!, outWidth!, attrs.groups, perGroup],
      ([image, oy, ox, group, o]) => {
        const channel = k.let('oc', add(mul(group!, perGroup), o!));
        const sum = k.variable('sum', bias ? bias.load([channel]) : 0);
        k.for('ky', 0, kernelHeight!, (ky) => {
          const row = k.let('row', windowPosition(window, 0, oy!, ky));
          k.if(inside(row, height!), () =>
            k.for('kx', 0, kernelWidth!, (kx) => {
              const column = k.let('column', windowPosition(window, 1, ox!, kx));
              k.if(inside(column, width!), () =>
                k.for('ic', 0, channels!, (ic) => {
                  const value = x!.load([image!, add(mul(group!, channels!), ic), row, column]);
                  k.assign(sum, fma(value, weight!.load([channel, ic, ky, kx]), sum));
                }),
              );
            }),
          );
        });
        output.store([image!, channel, oy!, ox!], sum);
      },
    );
  },

  formula(attrs, [, weight, bias]) {
    const window = convWindow(attrs, weight!.shape);
    const sum = convSum({ weight: weight!.shape, groups: attrs.groups, window });
    return bias ? `bias[o] + ${sum}` : sum;
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: convMultiplyAdds(inputs[1]!.shape, output.shape),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: [
    sample('3x3, same padding, bias', [2, 3, 5, 6], [4, 3, 3, 3], { padding: [1, 1, 1, 1] }, true),
    sample('1x1', [1, 5, 4, 3], [7, 5, 1, 1]),
    sample(
      'stride 2, padded unevenly',
      [1, 2, 7, 8],
      [3, 2, 3, 3],
      { stride: [2, 2], padding: [0, 1, 2, 1] },
      true,
    ),
    sample('dilation 2 by 3, kernel 3x2', [1, 2, 9, 8], [2, 2, 3, 2], {
      dilation: [2, 3],
      padding: [2, 0, 2, 3],
    }),
    sample('two groups', [1, 4, 5, 5], [6, 2, 3, 3], { groups: 2, padding: [1, 1, 1, 1] }, true),
    sample('depthwise, stride 2', [1, 5, 6, 6], [5, 1, 3, 3], {
      groups: 5,
      stride: [2, 2],
      padding: [1, 1, 1, 1],
    }),
    sample('depthwise with multiplier 2', [1, 3, 5, 4], [6, 1, 3, 3], { groups: 3, padding: [1, 1, 1, 1] }),
    sample(
      'depthwise 5x5, stride 2, six channels',
      [1, 6, 9, 14],
      [6, 1, 5, 5],
      { groups: 6, stride: [2, 2], padding: [2, 2, 2, 2] },
      true,
    ),
    sample('depthwise, wide', [1, 8, 3, 15], [8, 1, 3, 3], { groups: 8, padding: [1, 1, 1, 1] }, true),
    sample('depthwise 4x7, dilation 2 by 1', [1, 5, 7, 12], [5, 1, 4, 7], {
      groups: 5,
      dilation: [2, 1],
      padding: [3, 3, 2, 3],
    }),
    sample('depthwise, windows in the padding', [1, 4, 2, 3], [4, 1, 2, 2], {
      groups: 4,
      padding: [3, 4, 2, 3],
    }),
    sample('kernel as large as its input', [2, 2, 4, 3], [5, 2, 4, 3], {}, true),
    sample('wide: 9 to 10 channels', [1, 9, 6, 9], [10, 9, 3, 3], { padding: [1, 1, 1, 1] }, true),
    sample('stride larger than the kernel', [1, 3, 8, 8], [4, 3, 1, 1], { stride: [2, 3] }),
    sample('stride that leaves a rest', [1, 2, 8, 9], [3, 2, 3, 3], { stride: [3, 2] }),
  ],

  onnx: ({ e, inputs, types, attrs }) =>
    e.emit('Conv', inputs, {
      ...slidingAttributes(attrs, types[1]!.shape.slice(2)),
      group: int(attrs.groups),
    }),
};

function sample(name: string, x: number[], weight: number[], attrs: Partial<Conv2dAttrs> = {}, bias = false) {
  const types: TensorType[] = [x, weight, ...(bias ? [[weight[0]!]] : [])].map((shape) => ({
    dtype: 'f32',
    shape,
  }));
  return { name, inputs: types, attrs: convAttrs(attrs) };
}

/** Checks ranks, groups and channel counts, for conv2d and its two gradients. */
export function checkConvOperands(
  x: TensorType,
  weight: TensorType,
  attrs: Conv2dAttrs,
  reject: Reject,
): void {
  if (x.shape.length !== 4)
    reject('CNNC1202', `the input has rank ${x.shape.length}, expected 4 (N, C, H, W)`);
  if (weight.shape.length !== 4)
    reject('CNNC1202', `the weight has rank ${weight.shape.length}, expected 4 (O, I, H, W)`);
  checkWindow(convWindow(attrs, weight.shape), reject);
  const [channels, outputs, expected] = [x.shape[1]!, weight.shape[0]!, weight.shape[1]! * attrs.groups];
  checkGroupCount(attrs.groups, reject);
  if (channels !== expected) {
    const grouped = attrs.groups === 1 ? '' : ` (${weight.shape[1]} in each of ${attrs.groups} groups)`;
    reject('CNNC1202', `the input has ${channels} channels, the weight expects ${expected}${grouped}`);
  }
  if (outputs % attrs.groups !== 0)
    reject('CNNC1204', `${outputs} output channels cannot be split into ${attrs.groups} groups`);
}
