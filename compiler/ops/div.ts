/** div: a / b with broadcasting. */
import { div as quotient } from '../kernel/expression.ts';
import { binaryOp, binarySamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import { sumToShape } from './shared/pointwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    div: NoAttrs;
  }
}

export const div = binaryOp('div', {
  neutral: 1,
  affine: 'factor',
  value: (a, b) => quotient(a, b),
  gradient({ inputs: [a, b], output, gradient, g, needs }) {
    if (!needs(0) && !needs(1)) return [undefined, undefined];
    const ofA = g.node('div', [gradient, b!]);
    return [
      needs(0) ? sumToShape(g, ofA, g.shapeOf(a!)) : undefined,
      needs(1) ? g.node('neg', [sumToShape(g, g.node('mul', [ofA, output]), g.shapeOf(b!))]) : undefined,
    ];
  },
  samples: binarySamples({ b: { kind: 'uniform', low: 0.25, high: 2 } }),
  onnx: onnxNode('Div'),
});
