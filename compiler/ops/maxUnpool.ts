/**
 * maxUnpool: puts every element at its index, h * W' + w in its channel's plane; all other elements are 0 (PyTorch
 * MaxUnpool2d, ONNX MaxUnpool). If two indices are equal, the last one in scan order counts. Every output element
 * searches for its index, so that it is stored once: among all indices, or with `window`, which describes the pooling
 * that made them, among the windows that cover the element.
 *
 *   x       f32[N, C, H, W]
 *   indices i32[N, C, H, W]
 *   out     f32[N, C, H', W'] with [H', W'] = outputSize
 */
import { f32, sizeOf, type TensorType } from '../ir/types.ts';
import { add, and, div, eq, ge, lt, mul, rem } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { bytesOf, perResult } from './shared/cost.ts';
import { slidingAttributes } from './shared/onnxWindow.ts';
import { checkPlaneSize, checkPlanes } from './shared/planes.ts';
import { checkWindow, noPadding, type Pair, type WindowAttrs } from './shared/window.ts';
import { forCovering, slidingOver } from './shared/windowLoops.ts';
import { resizedSight } from './shared/sight.ts';
import type { OpDefinition, Reject, SampleInput } from './types.ts';

export interface MaxUnpoolAttrs {
  /** [height, width] */
  readonly outputSize: Pair;
  /** The pooling that made the indices. With it, an index outside its own window is not found. */
  readonly window?: WindowAttrs;
}

declare module '../ir/types.ts' {
  interface Attrs {
    maxUnpool: MaxUnpoolAttrs;
    maxUnpoolGradient: NoAttrs;
  }
}

function checkIndices(indices: TensorType, shape: readonly number[], reject: Reject): void {
  if (indices.dtype !== 'i32') reject('CNNC1203', `the indices are ${indices.dtype}, expected i32`);
  if (indices.shape.join() !== shape.join()) {
    reject('CNNC1202', `the input has shape [${shape.join(',')}], the indices [${indices.shape.join(',')}]`);
  }
}

export const maxUnpool: OpDefinition<'maxUnpool'> = {
  name: 'maxUnpool',
  operands: ['x', 'indices'],
  formula: ({ outputSize, window }) =>
    `x[n, c, p, q] whose indices[n, c, p, q] is ${outputSize[1]} * h + w, the last of several${
      window ? ', of the windows at (h, w)' : ''
    }, else 0`,
  sight: resizedSight([1, 1]),

  infer([x, indices], { outputSize, window }, reject) {
    checkPlanes(x!, reject);
    checkIndices(indices!, x!.shape, reject);
    checkPlaneSize('output size', outputSize, reject);
    if (window) checkWindow(window, reject);
    return { dtype: 'f32', shape: [...x!.shape.slice(0, 2), ...outputSize] };
  },

  gradient: ({ inputs: [, indices], gradient, g, needs }) => [
    needs(0) ? g.node('maxUnpoolGradient', [gradient, indices!]) : undefined,
    undefined,
  ],

  define({ attrs, inputs: [x, indices], output }, k) {
    const [n, channels, height, width] = output.type.shape;
    const [, , rows, columns] = x!.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const wanted = k.let('wanted', add(mul(row!, width!), column!));
      const value = k.variable('value', 0);
      const look = (oy: Expr, ox: Expr): void => {
        const place = [image!, c!, oy, ox];
        k.if(eq(indices!.load(place), wanted), () => k.assign(value, x!.load(place)));
      };
      if (attrs.window) {
        const sliding = slidingOver(attrs.window, output.type.shape, x!.type.shape);
        forCovering(k, sliding, [row!, column!], ({ oy, ox }) => look(oy, ox));
      } else {
        k.for('oy', 0, rows!, (oy) => k.for('ox', 0, columns!, (ox) => look(oy, ox)));
      }
      output.store([image!, c!, row!, column!], value);
    });
  },

  cost: (inputs, { window }, output) => ({
    multiplyAdds: window
      ? sizeOf(inputs[0]!.shape) * window.kernel[0] * window.kernel[1]
      : sizeOf(output.shape) * sizeOf(inputs[0]!.shape.slice(2)),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: [
    { name: '2x2', inputs: pooledPair([0, 3, 8, 15, 1, 2, 12, 11]), attrs: { outputSize: [4, 4] } },
    {
      name: 'larger output',
      inputs: pooledPair([0, 7, 19, 29, 5, 4, 20, 18]),
      attrs: { outputSize: [5, 6] },
    },
    {
      name: '2x2 with its window',
      inputs: pooledPair([0, 3, 8, 15, 5, 2, 12, 11]),
      attrs: {
        outputSize: [4, 4],
        window: { kernel: [2, 2], stride: [2, 2], padding: noPadding, dilation: [1, 1] },
      },
    },
  ],

  onnx: ({ e, inputs: [x, indices], attrs, output }) => {
    // ONNX counts through all planes of all images. Here each plane is counted separately.
    const [n, channels, height, width] = output.shape;
    const planes = Array.from({ length: n! * channels! }, (_, plane) => BigInt(plane * height! * width!));
    const offsets = e.constant('i64', [n!, channels!, 1, 1], BigInt64Array.from(planes));
    const flat = e.emit('Add', [e.cast(indices!, 'i64'), offsets]);
    const { kernel, stride, padding } = attrs.window ?? {
      kernel: [1, 1],
      stride: [1, 1],
      padding: noPadding,
    };
    const { dilations: _, ...window } = slidingAttributes({ stride, padding, dilation: [1, 1] }, kernel);
    return e.emit('MaxUnpool', [x, flat, e.integers(output.shape)], window);
  },
};

/** Two planes of 2x2 elements with these indices. */
function pooledPair(indices: number[]): SampleInput[] {
  return [f32(1, 2, 2, 2), { dtype: 'i32', shape: [1, 2, 2, 2], values: { kind: 'exact', data: indices } }];
}

/**
 * maxUnpoolGradient: out[n, c, y, x] = gradient at the element's index, or 0 if that is outside the plane. Operands:
 * gradient f32[N, C, H', W'], indices i32[N, C, H, W].
 */
export const maxUnpoolGradient: OpDefinition<'maxUnpoolGradient'> = {
  name: 'maxUnpoolGradient',
  operands: ['gradient', 'indices'],
  formula: (_attrs, [gradient]) => {
    const [, , height, width] = gradient!.shape;
    const place = `floor(i / ${width}), i % ${width}`;
    return `gradient[n, c, ${place}], i = indices[n, c, h, w]; 0 unless 0 <= i < ${height! * width!}`;
  },

  infer([gradient, indices], _attrs, reject) {
    checkPlanes(gradient!, reject, 'gradient');
    checkIndices(indices!, [...gradient!.shape.slice(0, 2), ...indices!.shape.slice(2)], reject);
    return { dtype: 'f32', shape: indices!.shape };
  },

  // Its transpose would add up elements with equal indices, which maxUnpool does not. So it has no derivative.
  gradient: 'notDifferentiable',

  define({ inputs: [gradient, indices], output }, k) {
    const [, , height, width] = gradient!.type.shape;
    const [n, channels, rows, columns] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, rows!, columns!, channels!], ([image, row, column, c]) => {
      const index = k.let('index', indices!.load([image!, c!, row!, column!]));
      const value = k.variable('value', 0);
      k.if(and(ge(index, 0), lt(index, height! * width!)), () =>
        k.assign(value, gradient!.load([image!, c!, div(index, width!), rem(index, width!)])),
      );
      output.store([image!, c!, row!, column!], value);
    });
  },

  cost: perResult(),

  samples: [
    { name: '2x2', inputs: [f32(1, 2, 4, 4), pooledPair([0, 3, 8, 15, 1, 2, 12, 11])[1]!], attrs: {} },
    {
      name: 'indices that agree or lie outside',
      inputs: [f32(1, 2, 3, 5), pooledPair([4, 4, 14, 15, 0, 0, -1, 7])[1]!],
      attrs: {},
    },
  ],
};
