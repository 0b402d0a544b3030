/**
 * averagePool: out[n, c, y, x] = sum over the window / divisor. The divisor counts the window's elements that lie in
 * the padded input (`countIncludePad`) or in the input. Elements of a last, partial window of `ceilMode` that lie
 * beyond the padding never count (PyTorch, ONNX).
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W']
 */
import { f32, type TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, cast, div, mul, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { flag } from './shared/onnx.ts';
import { poolAttributes } from './shared/onnxWindow.ts';
import { checkPlanes } from './shared/planes.ts';
import {
  checkPooled,
  definePool,
  inferPool,
  poolAttrs,
  poolCost,
  poolGradientCost,
  poolSamples,
  poolShape,
  type PoolAttrs,
  poolsNothing,
  poolSight,
  windowsReachInput,
} from './shared/pool.ts';
import { forCovering, insideRange, slidingOver, type Sliding } from './shared/windowLoops.ts';
import { widerPadding } from './shared/window.ts';
import { windowName } from './shared/names.ts';
import type { OpDefinition } from './types.ts';
import { whereWhole } from './shared/formula.ts';
import { covered, insideOnly, isPartial, pooled } from './shared/poolFormula.ts';

export interface AveragePoolAttrs extends PoolAttrs {
  readonly countIncludePad: boolean;
}

declare module '../ir/types.ts' {
  interface Attrs {
    averagePool: AveragePoolAttrs;
    averagePoolGradient: AveragePoolAttrs & { readonly inputShape: readonly number[] };
  }
}

/** The divisor of the sum of output (oy, ox). */
function divisor(k: KernelBuilder, sliding: Sliding, attrs: AveragePoolAttrs, oy: Expr, ox: Expr): Expr {
  const along = (axis: 0 | 1, o: Expr): Expr => {
    const extent = sliding.input[axis];
    if (!attrs.countIncludePad) {
      const { from, to } = insideRange(sliding, axis, o);
      return sub(to, from);
    }
    return insideRange(sliding, axis, o, extent + attrs.padding[axis + 2]!).to;
  };
  return k.let('count', cast(mul(along(0, oy), along(1, ox)), 'f32'));
}

export const averagePool: OpDefinition<'averagePool'> = {
  name: 'averagePool',
  operands: ['x'],
  formula(attrs) {
    const countsZeros = attrs.countIncludePad && isPartial(attrs);
    return `${pooled('mean', attrs)}${countsZeros ? ', zeros of the padding count' : insideOnly(attrs)}`;
  },
  kernelName: ([x], attrs) => `averagePool_${windowName(attrs)}_${x!.shape[1]}`,
  // Counted zeros of the padding are not part of x, so a summand must not be added to them.
  commutesPerChannel: ({ countIncludePad, padding }) =>
    countIncludePad && padding.some((amount) => amount > 0) ? 'factors' : 'factors and summands',
  sight: poolSight,
  withBorder: (attrs, border) => {
    const { countIncludePad, padding } = attrs;
    const counts = countIncludePad || padding.every((amount) => amount === 0);
    const padded = { ...attrs, padding: widerPadding(padding, border), countIncludePad: true };
    return border.value === 0 && counts && windowsReachInput(padded) ? padded : undefined;
  },
  isIdentity: poolsNothing,
  nonNegative: 'if operands are',
  keepsExamples: true,
  infer: inferPool,

  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    g.node('averagePoolGradient', [gradient], { ...attrs, inputShape: g.shapeOf(x!) }),
  ],

  define({ attrs, inputs: [x], output }, k) {
    definePool(k, attrs, x!, output, (window) => {
      const sum = k.variable('sum', 0);
      window.forEach((value) => k.assign(sum, add(sum, value)));
      return div(sum, divisor(k, window.sliding, attrs, window.oy, window.ox));
    });
  },

  cost: poolCost,

  samples: [false, true].flatMap((countIncludePad) =>
    poolSamples(undefined).map(({ name, inputs, attrs }) => ({
      name: countIncludePad ? `${name}, padding counts` : name,
      inputs,
      attrs: { ...attrs, countIncludePad },
    })),
  ),

  onnx: ({ e, inputs, types, attrs, output }) =>
    e.emit('AveragePool', inputs, {
      ...poolAttributes(attrs, types[0]!, output),
      count_include_pad: flag(attrs.countIncludePad),
    }),
};

/** averagePoolGradient: in[n, c, y, x] = sum over the windows that cover it of gradient / divisor. */
export const averagePoolGradient: OpDefinition<'averagePoolGradient'> = {
  name: 'averagePoolGradient',
  operands: ['gradient'],
  formula(attrs) {
    const isFull = !attrs.ceilMode && (attrs.countIncludePad || !isPartial(attrs));
    const count = isFull ? String(attrs.kernel[0] * attrs.kernel[1]) : 'count';
    const what = isFull ? '' : `, count: elements of the window${attrs.countIncludePad ? ', padded' : ''}`;
    return `${covered(attrs, (gradient) => `${gradient} / ${count}`)}${whereWhole(attrs)}${what}`;
  },

  infer([gradient], attrs, reject): TensorType {
    checkPlanes(gradient!, reject, 'gradient');
    checkPooled('gradient', gradient!, attrs.inputShape, attrs, reject);
    return { dtype: 'f32', shape: attrs.inputShape };
  },

  gradient: ({ attrs: { inputShape: _, ...attrs }, gradient, g }) => [
    g.node('averagePool', [gradient], attrs),
  ],

  define({ attrs, inputs: [gradient], output }, k) {
    const sliding = slidingOver(attrs, attrs.inputShape, gradient!.type.shape);
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const sum = k.variable('sum', 0);
      forCovering(k, sliding, [row!, column!], ({ oy, ox }) => {
        const share = div(gradient!.load([image!, c!, oy, ox]), divisor(k, sliding, attrs, oy, ox));
        k.assign(sum, add(sum, share));
      });
      output.store([image!, c!, row!, column!], sum);
    });
  },

  cost: poolGradientCost,

  samples: [
    sample('2x2', [2, 3, 6, 8], { ...poolAttrs([2, 2]), countIncludePad: true }),
    sample('3x3, stride 2, padding 1', [1, 2, 7, 8], {
      ...poolAttrs([3, 3]),
      stride: [2, 2],
      padding: [1, 1, 1, 1],
      countIncludePad: false,
    }),
    sample('ceil mode, dilation, padding counts', [1, 2, 8, 9], {
      ...poolAttrs([3, 2], { stride: [2, 3], padding: [1, 0, 1, 1], dilation: [2, 2], ceilMode: true }),
      countIncludePad: true,
    }),
  ],
};

function sample(name: string, inputShape: number[], attrs: AveragePoolAttrs) {
  const shape = poolShape(inputShape, attrs, (found) => {
    throw new Error(found);
  });
  return { name, inputs: [f32(...shape)], attrs: { ...attrs, inputShape } };
}
