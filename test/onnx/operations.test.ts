/** What ONNX's own tests leave out: quantized models, old operator sets, one and three axes, shapes folded away. */
import { expect, it } from 'vitest';
import { shapeOf } from '../../compiler/importers/recorded/calls.ts';
import { encodeModel, type ModelSpec } from './encode.ts';
import { importBytes, runBatch, RUNNERS } from './support.ts';

const translated = (spec: ModelSpec) => importBytes(encodeModel(spec), { name: 'm' });

function run(spec: ModelSpec, input: readonly number[], batch = 1): number[] {
  return [...Object.values(runBatch(RUNNERS[0]!, translated(spec), batch, Float32Array.from(input)))[0]!];
}

const methods = (spec: ModelSpec): string[] => translated(spec).recorder.calls.map(({ method }) => method);

const y = [{ name: 'y', shape: [] }];

it('quantized weights are f32 weights, quantized activations are rounded', () => {
  const spec: ModelSpec = {
    nodes: [
      { op: 'QuantizeLinear', inputs: ['x', 'sx', 'zx'], outputs: ['xq'] },
      { op: 'DequantizeLinear', inputs: ['xq', 'sx', 'zx'], outputs: ['xd'] },
      { op: 'DequantizeLinear', inputs: ['fc.weight', 'sw', 'zw'], outputs: ['wd'], attributes: { axis: 0 } },
      { op: 'Gemm', inputs: ['xd', 'wd'], outputs: ['y'], attributes: { transB: 1 } },
    ],
    inputs: [{ name: 'x', shape: [1, 3] }],
    outputs: y,
    initializers: [
      { name: 'sx', dims: [], floats: [0.5] },
      { name: 'zx', dims: [], type: 2, ints: [10] },
      { name: 'fc.weight', dims: [2, 3], type: 3, ints: [1, -2, 3, 127, -128, 0] },
      { name: 'sw', dims: [2], floats: [0.5, 0.25] },
      { name: 'zw', dims: [2], type: 3, ints: [0, 0] },
    ],
  };
  // 0.7 is 0.5, 0.75 goes to the even 1, -100 to the lowest, -5.
  expect(run(spec, [0.7, 0.75, -100])).toEqual([0.5 * 0.5 - 1 + 1.5 * -5, 0.25 * 127 * 0.5 - 0.25 * 128 * 1]);
  expect([...translated(spec).recorder.weights.keys()]).toEqual(['fc.weight']);
});

it('shapes that are computed vanish, and follow the batch', () => {
  const spec: ModelSpec = {
    nodes: [
      { op: 'Shape', inputs: ['x'], outputs: ['s'] },
      { op: 'Gather', inputs: ['s', 'zero'], outputs: ['n'], attributes: { axis: 0 } },
      { op: 'Unsqueeze', inputs: ['n', 'axes'], outputs: ['n1'] },
      { op: 'Concat', inputs: ['n1', 'rest'], outputs: ['to'], attributes: { axis: 0 } },
      { op: 'Reshape', inputs: ['x', 'to'], outputs: ['y'] },
    ],
    inputs: [{ name: 'x', shape: ['n', 2, 3] }],
    outputs: y,
    initializers: [
      { name: 'zero', dims: [], type: 7, ints: [0] },
      { name: 'axes', dims: [1], type: 7, ints: [0] },
      { name: 'rest', dims: [1], type: 7, ints: [-1] },
    ],
  };
  expect(methods(spec)).toEqual(['reshape']);
  expect(shapeOf(translated(spec).outputs[0]!.value)).toEqual([1, 6]);
  const numbers = Array.from({ length: 24 }, (_, i) => i);
  expect(run(spec, numbers, 4)).toEqual(numbers);
});

it('a convolution over three axes is a sum over the depths of its kernel', () => {
  const spec: ModelSpec = {
    nodes: [
      {
        op: 'Conv',
        inputs: ['x', 'w', 'b'],
        outputs: ['y'],
        attributes: { pads: [1, 0, 0, 0, 0, 0], strides: [2, 1, 1] },
      },
    ],
    inputs: [{ name: 'x', shape: [1, 1, 3, 1, 2] }],
    outputs: y,
    initializers: [
      { name: 'w', dims: [1, 1, 2, 1, 1], floats: [10, 1] },
      { name: 'b', dims: [1], floats: [0.5] },
    ],
  };
  // Depths -1 and 0, then 1 and 2.
  expect(run(spec, [1, 2, 3, 4, 5, 6])).toEqual([1.5, 2.5, 35.5, 46.5]);
});

it('a convolution over one axis', () => {
  const spec: ModelSpec = {
    nodes: [{ op: 'Conv', inputs: ['x', 'w'], outputs: ['y'], attributes: { auto_pad: 'SAME_LOWER' } }],
    inputs: [{ name: 'x', shape: [1, 1, 4] }],
    outputs: y,
    initializers: [{ name: 'w', dims: [1, 1, 2], floats: [1, 10] }],
  };
  expect(run(spec, [1, 2, 3, 4])).toEqual([10, 21, 32, 43]);
});

it("operator set 7's attributes", () => {
  const spec: ModelSpec = {
    opset: 7,
    nodes: [
      { op: 'Pad', inputs: ['x'], outputs: ['p'], attributes: { pads: [0, 0, 0, 1], value: { float: 5 } } },
      { op: 'Slice', inputs: ['p'], outputs: ['s'], attributes: { axes: [1], starts: [1], ends: [-1] } },
      { op: 'Clip', inputs: ['s'], outputs: ['c'], attributes: { min: { float: 0 }, max: { float: 2 } } },
      { op: 'Unsqueeze', inputs: ['c'], outputs: ['u'], attributes: { axes: [0] } },
      { op: 'ReduceSum', inputs: ['u'], outputs: ['y'], attributes: { axes: [2], keepdims: 0 } },
    ],
    inputs: [{ name: 'x', shape: [1, 3] }],
    outputs: y,
  };
  expect(run(spec, [9, -4, 7])).toEqual([2]);
});

it('softmax before operator set 13 runs over everything after its axis', () => {
  const spec: ModelSpec = {
    opset: 11,
    nodes: [{ op: 'Softmax', inputs: ['x'], outputs: ['y'] }],
    inputs: [{ name: 'x', shape: [1, 2, 2] }],
    outputs: y,
  };
  expect(run(spec, [0, 0, 0, 0])).toEqual([0.25, 0.25, 0.25, 0.25]);
});

it('an initializer that two layers read is one weight', () => {
  const spec: ModelSpec = {
    nodes: [
      { op: 'Conv', inputs: ['x', 'head.weight'], outputs: ['a'] },
      { op: 'Conv', inputs: ['a', 'head.weight'], outputs: ['y'] },
    ],
    inputs: [{ name: 'x', shape: [1, 1, 1, 1] }],
    outputs: y,
    initializers: [{ name: 'head.weight', dims: [1, 1, 1, 1], floats: [3] }],
  };
  expect(methods(spec)).toEqual(['conv2d', 'tied', 'operation']);
  expect(run(spec, [2])).toEqual([18]);
});
