/** elu: x above 0, else alpha * (exp(x) - 1) (Clevert et al. 2016). */
import { exp, gt, min, mul, select, sub } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

export interface EluAttrs {
  readonly alpha: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    elu: EluAttrs;
    /** gradient where x > 0, else gradient * alpha * exp(x) */
    eluGradient: EluAttrs;
  }
}

export const elu: OpDefinition<'elu'> = unaryOp({
  name: 'elu',
  value: (value, { alpha }, k) => {
    const x = k.let('x', value);
    return select(gt(x, 0), x, mul(sub(exp(min(x, 0)), 1), alpha));
  },
  gradient: ({ attrs, inputs: [x], gradient, g }) => [g.node('eluGradient', [gradient, x!], attrs)],
  samples: elementwiseSamples({ alpha: 1.5 }, { kind: 'away', from: [0] }),
  onnx: onnxNode('Elu', ({ alpha }) => ({ alpha: float(alpha) })),
});

export const eluGradient: OpDefinition<'eluGradient'> = slopeOp({
  name: 'eluGradient',
  from: 'x',
  slope: (x, { alpha }) => select(gt(x, 0), 1, mul(exp(min(x, 0)), alpha)),
  samples: gradientSamples({ alpha: 1.5 }, { kind: 'away', from: [0] }),
});
