/**
 * Images of one column or one row under wide kernels: windows begin outside of them, and an index along an axis of
 * extent 1 is not 0 there. Random networks found a fault in this case.
 */
import { describe, expect, it } from 'vitest';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { TYPESCRIPT, WASM, WASM_EXACT, WASM_RELAXED } from '../support/backends.ts';
import { graphOf } from '../support/graphs.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { bindingsOf } from './randomNets.ts';
import { runInference } from './runNet.ts';

const attrs = { stride: [1, 1], padding: [2, 1, 1, 2], dilation: [1, 1], groups: 1 } as const;

/** The convolution and both of its gradients, between activations. */
const graphFor = (height: number, width: number) =>
  graphOf((w) => {
    const x = w.g.node('tanh', [w.input('x', [2, 3, height, width])]);
    const filter = w.parameter('filter0', [5, 3, 3, 3]);
    const y = w.g.node('tanh', [w.g.node('conv2d', [x, filter], attrs)]);
    const inputShape = w.g.shapeOf(x);
    const weightShape = w.g.shapeOf(filter);
    return {
      y,
      dx: w.g.node('conv2dInputGradient', [y, filter], { ...attrs, inputShape }),
      dw: w.g.node('conv2dWeightGradient', [x, y], { ...attrs, weightShape }),
    };
  });

describe.each([TYPESCRIPT, WASM, WASM_RELAXED, WASM_EXACT])('convolutions on $name', (backend) => {
  it.each([
    [1, 1],
    [4, 1],
    [1, 4],
    [5, 4],
  ])('of images %i high and %i wide', (height, width) => {
    const graph = graphFor(height, width);
    const bindings = bindingsOf(graph);
    const actual = runInference(graph, backend, bindings);
    // Two layers of f32, each a sum of 27 numbers in doubles.
    for (const [name, numbers] of Object.entries(evaluateGraph(graph, bindings).outputs))
      expect(maxRelativeError(actual[name]!, numbers), name).toBeLessThan(1e-6);
  });
});
