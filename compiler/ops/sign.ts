/** sign: 1 above 0, -1 below, 0 at 0; NaN stays NaN. Flat wherever it has a gradient. */
import { gt, lt, select } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    sign: Record<never, never>;
  }
}

export const sign: OpDefinition<'sign'> = unaryOp({
  name: 'sign',
  value(value, _attrs, k) {
    const x = k.let('x', value);
    return select(gt(x, 0), 1, select(lt(x, 0), -1, x));
  },
  gradient: () => [undefined],
  samples: elementwiseSamples({}, { kind: 'away', from: [0] }),
  onnx: onnxNode('Sign'),
});
