/** hardSwish: x * min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, MobileNetV3). */
import { add, f32Const, fma, le, lt, max, min, mul, select } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    hardSwish: NoAttrs;
    /** gradient * (0 up to -3, x / 3 + 1 / 2 up to 3, then 1) */
    hardSwishGradient: NoAttrs;
  }
}

export const [hardSwish, hardSwishGradient] = curveOps('hardSwish', 'hardSwishGradient', {
  namesX: true,
  value: (x) => mul(mul(x, min(max(add(x, 3), 0), 6)), 1 / 6),
  slopeFrom: 'x',
  slope: (x) => select(le(x, -3), f32Const(0), select(lt(x, 3), fma(x, f32Const(1 / 3), f32Const(0.5)), 1)),
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  gradientSamples: gradientSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: onnxNode('HardSwish'),
});
