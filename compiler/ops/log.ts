/** log: the natural logarithm. */
import { log as logOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    log: NoAttrs;
  }
}

export const log = unaryOp('log', {
  value: (x) => logOf(x),
  gradient: ({ inputs: [x], gradient, g }) => [g.node('div', [gradient, x!])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: 0.25, high: 3 }),
  onnx: onnxNode('Log'),
});
