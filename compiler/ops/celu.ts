/** celu: max(x, 0) + min(0, alpha * (exp(x / alpha) - 1)) (Barron 2017). */
import { div, exp, gt, min, mul, select, sub } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

export interface CeluAttrs {
  readonly alpha: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    celu: CeluAttrs;
    /** gradient * exp(min(x, 0) / alpha) */
    celuGradient: CeluAttrs;
  }
}

export const celu: OpDefinition<'celu'> = unaryOp({
  name: 'celu',
  check: ({ alpha }, reject) => {
    if (!(alpha > 0)) reject(`alpha is ${alpha}, expected a number above 0`);
  },
  value: (value, { alpha }, k) => {
    const x = k.let('x', value);
    return select(gt(x, 0), x, mul(sub(exp(div(min(x, 0), alpha)), 1), alpha));
  },
  gradient: ({ attrs, inputs: [x], gradient, g }) => [g.node('celuGradient', [gradient, x!], attrs)],
  samples: elementwiseSamples({ alpha: 0.7 }, { kind: 'away', from: [0] }),
  onnx: onnxNode('Celu', ({ alpha }) => ({ alpha: float(alpha) })),
});

export const celuGradient: OpDefinition<'celuGradient'> = slopeOp({
  name: 'celuGradient',
  from: 'x',
  slope: (x, { alpha }) => exp(div(min(x, 0), alpha)),
  samples: gradientSamples({ alpha: 0.7 }, { kind: 'away', from: [0] }),
});
