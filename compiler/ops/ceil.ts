/** ceil: the smallest whole number not below x. Flat wherever it has a gradient. */
import { ceil as ceilOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    ceil: Record<never, never>;
  }
}

export const ceil: OpDefinition<'ceil'> = unaryOp({
  name: 'ceil',
  value: (x) => ceilOf(x),
  gradient: () => [undefined],
  samples: elementwiseSamples({}, { kind: 'away', from: [0] }),
  onnx: onnxNode('Ceil'),
});
