/** round: to the nearest whole number, halves to the even one. Flat wherever it has a gradient. */
import { roundEven } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    round: Record<never, never>;
  }
}

export const round: OpDefinition<'round'> = unaryOp({
  name: 'round',
  value: (x) => roundEven(x),
  gradient: () => [undefined],
  samples: elementwiseSamples({}, { kind: 'away', from: [-0.5, 0.5] }),
  onnx: onnxNode('Round'),
});
