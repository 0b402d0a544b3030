/** softsign: x / (1 + |x|). */
import { abs, add, div, mul } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    softsign: NoAttrs;
    /** gradient / (1 + |x|)^2 */
    softsignGradient: NoAttrs;
  }
}

export const [softsign, softsignGradient] = curveOps('softsign', 'softsignGradient', {
  gradientFormula: () => 'gradient / (1 + abs(x))^2',
  namesX: true,
  value: (x) => div(x, add(1, abs(x))),
  slopeFrom: 'x',
  slope: (x, _attrs, k) => {
    const inverse = k.let('inverse', div(1, add(1, abs(x))));
    return mul(inverse, inverse);
  },
  samples: elementwiseSamples({}),
  gradientSamples: gradientSamples({}),
  onnx: onnxNode('Softsign'),
});
