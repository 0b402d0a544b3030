/**
 * locallyConnected2d: a convolution without shared weights: every place of the result has its own filters (Taigman et
 * al. 2014): out[n, o, y, x] = bias[o, y, x] + sum over (i, ky, kx) of input * weight[o, y, x, i, ky, kx].
 *
 *   x      f32[N, I, H, W]
 *   weight f32[O, H', W', I, KH, KW]
 *   bias   f32[O, H', W'], optional
 *   out    f32[N, O, H', W']
 */
import { f32, sizeOf } from '../ir/types.ts';
import { and, fma, inside } from '../kernel/expression.ts';
import { bytesOf } from './shared/cost.ts';
import {
  checkLocal,
  checkLocalResult,
  localMultiplyAdds,
  localResult,
  localSamples,
  localSliding,
  type LocallyConnected2dAttrs,
} from './shared/locallyConnected.ts';
import { int, type OnnxEmitter } from './shared/onnx.ts';
import { slidingAttributes } from './shared/onnxWindow.ts';
import { windowPosition } from './shared/window.ts';
import { forCovering, forWindow } from './shared/windowLoops.ts';
import { windowSight } from './shared/sight.ts';
import type { OpDefinition } from './types.ts';
import { coveringPlace, element, whereWhole, windowPlace } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    locallyConnected2d: LocallyConnected2dAttrs;
    locallyConnected2dInputGradient: LocallyConnected2dAttrs & { readonly inputShape: readonly number[] };
    locallyConnected2dWeightGradient: LocallyConnected2dAttrs & { readonly weightShape: readonly number[] };
  }
}

export const locallyConnected2d: OpDefinition<'locallyConnected2d'> = {
  name: 'locallyConnected2d',
  operands: ['x', 'weight', 'bias?'],
  formula(attrs, [, weight, bias]) {
    const window = { ...attrs, kernel: [weight!.shape[4]!, weight!.shape[5]!] as const };
    const place = element('x', ['n', 'i', ...windowPlace(window)]);
    const sum = `sum over i, kh, kw of weight[o, h, w, i, kh, kw] * ${place}`;
    return bias ? `bias[o, h, w] + ${sum}` : sum;
  },
  sight: ([, weight], { dilation, stride }) =>
    windowSight([weight!.shape[4]!, weight!.shape[5]!], dilation, stride),

  infer([x, weight, bias], attrs, reject) {
    checkLocal(x!, weight!.shape, attrs, reject);
    const perPlace = weight!.shape.slice(0, 3);
    if (bias && bias.shape.join() !== perPlace.join()) {
      reject('CNNC1202', `the bias has shape [${bias.shape.join(',')}], expected [${perPlace.join(',')}]`);
    }
    return { dtype: 'f32', shape: localResult(x!.shape, weight!.shape) };
  },

  gradient({ attrs, inputs: [x, weight, bias], gradient, g, needs }) {
    const [inputShape, weightShape] = [g.shapeOf(x!), g.shapeOf(weight!)];
    return [
      needs(0)
        ? g.node('locallyConnected2dInputGradient', [gradient, weight!], { ...attrs, inputShape })
        : undefined,
      needs(1)
        ? g.node('locallyConnected2dWeightGradient', [x!, gradient], { ...attrs, weightShape })
        : undefined,
      bias !== undefined && needs(2)
        ? g.node('reduceSum', [gradient], { axes: [0], keepDims: false })
        : undefined,
    ];
  },

  define({ attrs, inputs: [x, weight, bias], output }, k) {
    const sliding = localSliding(attrs, x!.type.shape, weight!.type.shape);
    const [n, outputs, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'o'], [n!, height!, width!, outputs!], ([image, oy, ox, o]) => {
      const sum = k.variable('sum', bias ? bias.load([o!, oy!, ox!]) : 0);
      forWindow(k, sliding, [oy!, ox!], ({ row, column, ky, kx }) =>
        k.for('i', 0, x!.type.shape[1]!, (i) => {
          const value = x!.load([image!, i, row, column]);
          k.assign(sum, fma(value, weight!.load([o!, oy!, ox!, i, ky, kx]), sum));
        }),
      );
      output.store([image!, o!, oy!, ox!], sum);
    });
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: localMultiplyAdds(inputs[0]!.shape[0]!, inputs[1]!.shape),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: localSamples().flatMap(({ name, x, weight, attrs }) => [
    { name, inputs: [x, weight], attrs },
    { name: `${name}, bias`, inputs: [x, weight, f32(...weight.shape.slice(0, 3))], attrs },
  ]),

  onnx: ({ e, inputs: [x, weight, bias], types, attrs, output }) => {
    const [n, outputs, height, width] = output.shape;
    const [, , , channels, ...kernel] = types[1]!.shape;
    const [places, depth] = [height! * width!, channels! * sizeOf(kernel)];
    const patches = e.emit('Conv', [x, onnxCopies(e, channels!, kernel)], {
      ...slidingAttributes(attrs, kernel),
      group: int(channels!),
    });
    // A matrix product for every place: its filters times the images' patches.
    const columns = e.transpose(e.reshape(patches, [n!, depth, places]), [2, 1, 0]);
    const filters = e.transpose(e.reshape(weight!, [outputs!, places, depth]), [1, 0, 2]);
    const product = e.emit('MatMul', [filters, columns]);
    const value = e.reshape(e.transpose(product, [2, 1, 0]), output.shape);
    return bias === undefined ? value : e.emit('Add', [value, bias]);
  },
};

/** The filters of a convolution that only copies: its output channels are the elements of each channel's window. */
function onnxCopies(e: OnnxEmitter, channels: number, kernel: readonly number[]): string {
  const area = sizeOf(kernel);
  const copies = Array.from({ length: channels * area * area }, (_, i) =>
    Math.floor(i / area) % area === i % area ? 1 : 0,
  );
  return e.floats([channels * area, 1, ...kernel], copies);
}

/**
 * locallyConnected2dInputGradient: every input element sums weight * gradient over the outputs whose windows cover
 * it. Operands: gradient f32[N, O, H', W'], weight. Result: inputShape.
 */
export const locallyConnected2dInputGradient: OpDefinition<'locallyConnected2dInputGradient'> = {
  name: 'locallyConnected2dInputGradient',
  operands: ['gradient', 'weight'],
  formula(attrs, [, weight]) {
    const window = { ...attrs, kernel: [weight!.shape[4]!, weight!.shape[5]!] as const };
    const [p, q] = coveringPlace(window);
    const product = 'weight[o, p, q, c, kh, kw] * gradient[n, o, p, q]';
    return `sum over o, kh, kw of ${product}, p = ${p}, q = ${q}${whereWhole(attrs)}`;
  },

  infer([gradient, weight], attrs, reject) {
    checkLocal(f32(...attrs.inputShape), weight!.shape, attrs, reject);
    checkLocalResult(gradient!, attrs.inputShape, weight!.shape, reject);
    return { dtype: 'f32', shape: attrs.inputShape };
  },

  gradient({ attrs: { inputShape: _, ...attrs }, inputs: [dy, weight], gradient, g, needs }) {
    const weightShape = g.shapeOf(weight!);
    return [
      needs(0) ? g.node('locallyConnected2d', [gradient, weight!], attrs) : undefined,
      needs(1)
        ? g.node('locallyConnected2dWeightGradient', [gradient, dy!], { ...attrs, weightShape })
        : undefined,
    ];
  },

  define({ attrs, inputs: [gradient, weight], output }, k) {
    const sliding = localSliding(attrs, attrs.inputShape, weight!.type.shape);
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const sum = k.variable('sum', 0);
      forCovering(k, sliding, [row!, column!], ({ oy, ox, ...element }) => {
        const [ky, kx] = [k.let('ky', element.ky), k.let('kx', element.kx)];
        k.for('o', 0, weight!.type.shape[0]!, (o) => {
          const value = gradient!.load([image!, o, oy, ox]);
          k.assign(sum, fma(value, weight!.load([o, oy, ox, c!, ky, kx]), sum));
        });
      });
      output.store([image!, c!, row!, column!], sum);
    });
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: localMultiplyAdds(output.shape[0]!, inputs[1]!.shape),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: localSamples().map(({ name, x, weight, result, attrs }) => ({
    name,
    inputs: [result, weight],
    attrs: { ...attrs, inputShape: x.shape },
  })),
};

/**
 * locallyConnected2dWeightGradient: every weight sums input * gradient over the batch. A weight on the padding gets
 * 0. Operands: x, gradient f32[N, O, H', W']. Result: weightShape.
 */
export const locallyConnected2dWeightGradient: OpDefinition<'locallyConnected2dWeightGradient'> = {
  name: 'locallyConnected2dWeightGradient',
  operands: ['x', 'gradient'],
  formula(attrs) {
    const window = { ...attrs, kernel: [attrs.weightShape[4]!, attrs.weightShape[5]!] as const };
    return `sum over n of gradient[n, o, h, w] * ${element('x', ['n', 'i', ...windowPlace(window)])}`;
  },
  isWeightShaped: true,

  infer([x, gradient], attrs, reject) {
    checkLocal(x!, attrs.weightShape, attrs, reject);
    checkLocalResult(gradient!, x!.shape, attrs.weightShape, reject);
    return { dtype: 'f32', shape: attrs.weightShape };
  },

  gradient({ attrs: { weightShape: _, ...attrs }, inputs: [x, dy], gradient, g, needs }) {
    const inputShape = g.shapeOf(x!);
    return [
      needs(0)
        ? g.node('locallyConnected2dInputGradient', [dy!, gradient], { ...attrs, inputShape })
        : undefined,
      needs(1) ? g.node('locallyConnected2d', [x!, gradient], attrs) : undefined,
    ];
  },

  define({ attrs, inputs: [x, gradient], output }, k) {
    const { window } = localSliding(attrs, x!.type.shape, attrs.weightShape);
    const [n, , height, width] = x!.type.shape;
    k.forEach(['o', 'oy', 'ox', 'i', 'ky', 'kx'], attrs.weightShape, ([o, oy, ox, i, ky, kx]) => {
      const row = k.let('row', windowPosition(window, 0, oy!, ky!));
      const column = k.let('column', windowPosition(window, 1, ox!, kx!));
      const sum = k.variable('sum', 0);
      k.if(and(inside(row, height!), inside(column, width!)), () =>
        k.for('n', 0, n!, (image) => {
          const value = x!.load([image, i!, row, column]);
          k.assign(sum, fma(value, gradient!.load([image, o!, oy!, ox!]), sum));
        }),
      );
      output.store([o!, oy!, ox!, i!, ky!, kx!], sum);
    });
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: localMultiplyAdds(inputs[0]!.shape[0]!, output.shape),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: localSamples().map(({ name, x, weight, result, attrs }) => ({
    name,
    inputs: [x, result],
    attrs: { ...attrs, weightShape: weight.shape },
  })),
};
