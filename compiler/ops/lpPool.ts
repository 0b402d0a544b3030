/**
 * lpPool: out[n, c, y, x] = (sum over the window of |x|^p)^(1 / p), ONNX LpPool. Padding adds nothing.
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W']
 */
import { f32 } from '../ir/types.ts';
import { add, fma } from '../kernel/expression.ts';
import { checkNormOrder, magnitudePower, normDerivative, onnxPower, root } from './shared/lp.ts';
import { int, type OnnxSite } from './shared/onnx.ts';
import { hasPartialWindow, slidingAttributes } from './shared/onnxWindow.ts';
import {
  definePool,
  inferPool,
  poolAttrs,
  poolCost,
  poolSamples,
  type PoolAttrs,
  poolSight,
} from './shared/pool.ts';
import { windowExtent } from './shared/window.ts';
import { poolGradientOp } from './shared/poolGradient.ts';
import type { OpDefinition, SampleInput } from './types.ts';
import { whereWhole } from './shared/formula.ts';
import { covered, insideOnly, pooled, powerText, rootText } from './shared/poolFormula.ts';

export interface LpPoolAttrs extends PoolAttrs {
  readonly p: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    lpPool: LpPoolAttrs;
    lpPoolGradient: LpPoolAttrs;
  }
}

export const lpPool: OpDefinition<'lpPool'> = {
  name: 'lpPool',
  operands: ['x'],
  formula: (attrs) =>
    rootText(
      pooled('sum', attrs, (x) => powerText(x, attrs.p)),
      attrs.p,
    ) + insideOnly(attrs),
  sight: poolSight,

  infer(inputs, attrs, reject) {
    checkNormOrder(attrs.p, reject);
    return inferPool(inputs, attrs, reject);
  },

  gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
    g.node('lpPoolGradient', [gradient, x!, output], attrs),
  ],

  define({ attrs, inputs: [x], output }, k) {
    definePool(k, attrs, x!, output, (window) => {
      const sum = k.variable('sum', 0);
      window.forEach((value) => k.assign(sum, add(sum, magnitudePower(k, value, attrs.p))));
      return root(sum, attrs.p);
    });
  },

  cost: poolCost,

  samples: [2, 1, 3].flatMap((p) =>
    poolSamples({ kind: 'away', from: [0] })
      .slice(p === 2 ? 0 : 2, p === 2 ? undefined : 4)
      .map(({ name, inputs, attrs }) => ({ name: `p ${p}, ${name}`, inputs, attrs: { ...attrs, p } })),
  ),

  onnx: (site) => {
    const { e, inputs, types, attrs, output } = site;
    if (!Number.isInteger(attrs.p) || hasPartialWindow(attrs, types[0]!, output))
      return onnxSumOfPowers(site);
    return e.emit('LpPool', inputs, { ...slidingAttributes(attrs, attrs.kernel), p: int(attrs.p) });
  },
};

/** ONNX's LpPool supports only whole p and whole windows. Here the sum over a window is a convolution with ones. */
function onnxSumOfPowers({ e, inputs: [x], types, attrs, output }: OnnxSite<'lpPool'>): string {
  const [{ shape }, { p, kernel, stride, padding, dilation }] = [types[0]!, attrs];
  const after = ([0, 1] as const).map((axis) => {
    const reach = (output.shape[axis + 2]! - 1) * stride[axis] + windowExtent(kernel[axis], dilation[axis]);
    return Math.max(0, reach - shape[axis + 2]! - padding[axis]);
  });
  const ones = e.filled([shape[1]!, 1, ...kernel], 1);
  const powers = onnxPower(e, e.emit('Abs', [x]), p);
  const sums = e.emit('Conv', [powers, ones], {
    ...slidingAttributes({ stride, dilation, padding: [padding[0], padding[1], ...after] }, kernel),
    group: int(shape[1]!),
  });
  return onnxPower(e, sums, 1 / p);
}

/**
 * lpPoolGradient: every input element sums gradient * sign(x) * (|x| / result)^(p - 1) over the windows that cover
 * it. Operands: gradient f32[N, C, H', W'], x, result of lpPool.
 */
export const lpPoolGradient = poolGradientOp('lpPoolGradient', {
  formula: (attrs) => {
    const share = attrs.p === 2 ? ' * x / result' : ` * sign(x) * (abs(x) / result)^${attrs.p - 1}`;
    const factor = attrs.p === 1 ? ' * sign(x)' : share;
    return `${covered(attrs, (gradient) => `${gradient}${factor}`)}${whereWhole(attrs)}`;
  },
  check: ({ p }, reject) => checkNormOrder(p, reject),
  gather(k, sum, { value, gradient, result }, { p }) {
    k.assign(sum, fma(gradient, normDerivative(k, value, result, p), sum));
  },
  samples: [
    sample('p 2', [1, 3, 6, 8], [3, 4], { ...poolAttrs([2, 2]), p: 2 }),
    sample('p 1, overlapping', [1, 2, 5, 6], [2, 3], { ...poolAttrs([3, 2], { stride: [2, 2] }), p: 1 }),
    sample('p 3, padded', [1, 2, 5, 6], [3, 4], {
      ...poolAttrs([3, 2], { stride: [2, 2], padding: [1, 1, 1, 1] }),
      p: 3,
    }),
  ],
});

function sample(name: string, x: number[], plane: number[], attrs: LpPoolAttrs) {
  const pooled = [x[0]!, x[1]!, ...plane];
  const result: SampleInput = { ...f32(...pooled), values: { kind: 'uniform', low: 1, high: 2 } };
  return { name, inputs: [f32(...pooled), f32(...x), result], attrs };
}
