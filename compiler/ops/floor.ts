/** floor: the largest whole number not above x. Flat wherever it has a gradient. */
import { floor as floorOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    floor: Record<never, never>;
  }
}

export const floor: OpDefinition<'floor'> = unaryOp({
  name: 'floor',
  value: (x) => floorOf(x),
  gradient: () => [undefined],
  samples: elementwiseSamples({}, { kind: 'away', from: [0] }),
  onnx: onnxNode('Floor'),
});
