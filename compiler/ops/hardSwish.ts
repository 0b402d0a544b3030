/** hardSwish: x * min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, MobileNetV3). */
import { add, f32Const, fma, le, lt, max, min, mul, select } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    hardSwish: Record<never, never>;
    /** gradient * (0 up to -3, x / 3 + 1 / 2 up to 3, then 1) */
    hardSwishGradient: Record<never, never>;
  }
}

export const hardSwish: OpDefinition<'hardSwish'> = unaryOp({
  name: 'hardSwish',
  value: (value, _attrs, k) => {
    const x = k.let('x', value);
    return mul(mul(x, min(max(add(x, 3), 0), 6)), 1 / 6);
  },
  gradient: ({ inputs: [x], gradient, g }) => [g.node('hardSwishGradient', [gradient, x!])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: onnxNode('HardSwish'),
});

export const hardSwishGradient: OpDefinition<'hardSwishGradient'> = slopeOp({
  name: 'hardSwishGradient',
  from: 'x',
  slope: (x) => select(le(x, -3), f32Const(0), select(lt(x, 3), fma(x, f32Const(1 / 3), f32Const(0.5)), 1)),
  samples: gradientSamples({}, { kind: 'uniform', low: -6, high: 6 }),
});
