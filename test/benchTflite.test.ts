/** The model that the bench writes for LiteRT.js from the plan for tfjs, and the bytes of its file. */
import { describe, expect, it } from 'vitest';
import { isPeerInstalled } from './bench/peers.ts';
import { ACTIVATIONS, OPERATORS, PADDINGS } from './bench/tflite/model.ts';
import { planTflite } from './bench/tflite/plan.ts';
import { writeTflite } from './bench/tflite/write.ts';
import type { Step, TfjsPlan } from './bench/workers/tfjsPlan.ts';

const SAME = { byte: PADDINGS.same };
const VALID = { byte: PADDINGS.valid };
const LINEAR = { byte: ACTIVATIONS.linear };

const window = { strides: [1, 1], dilations: [1, 1], activation: 'linear' } as const;
const IMAGE = 0;
const FILTER = 1;

/** A plan of steps over an image of 8 x 8 pixels with two channels, and one filter of these extents. */
function planOf(filter: readonly number[], ...steps: readonly Step[]): TfjsPlan {
  return {
    input: { value: IMAGE, shape: [1, 8, 8, 2] },
    steps,
    output: steps.at(-1)!.to,
    tensors: [{ value: FILTER, shape: filter, offset: 0 }],
  };
}

function modelOf(filter: readonly number[], ...steps: readonly Step[]) {
  const size = filter.reduce((product, extent) => product * extent, 1);
  const model = planTflite(
    planOf(filter, ...steps),
    Float32Array.from({ length: size }, (_, i) => i),
  );
  const operators = model.operators.map(({ name, inputs, output, options }) => ({
    ...{ name, options, inputs: inputs.map((input) => model.tensors[input]!) },
    shape: model.tensors[output]!.shape,
  }));
  return { model, operators };
}

describe('a model for TFLite', () => {
  it('has filters with the outputs first, and a bias of zeros where the layer has none', () => {
    const step: Step = { op: 'conv2d', to: 2, x: IMAGE, filter: FILTER, sides: [0, 0, 0, 0], ...window };
    const [convolution] = modelOf([1, 1, 2, 3], step).operators;
    expect(convolution).toMatchObject({ name: 'CONV_2D', shape: [1, 8, 8, 3] });
    expect(convolution!.options).toEqual([SAME, 1, 1, LINEAR, 1, 1]);
    const [, filter, bias] = convolution!.inputs;
    expect(filter).toMatchObject({ shape: [3, 1, 1, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
    expect(bias).toMatchObject({ shape: [3], data: new Float32Array(3) });
  });

  it('pads with an operator before the layer where SAME pads other sides', () => {
    const sides = [1, 1, 1, 1] as const;
    const conv = { op: 'conv2d', x: IMAGE, filter: FILTER, sides, ...window } as const;
    const [same] = modelOf([3, 3, 2, 1], { ...conv, to: 2 }).operators;
    expect(same!.options[0]).toEqual(SAME);
    const halved = modelOf([3, 3, 2, 1], { ...conv, to: 2, strides: [2, 2] }).operators;
    expect(halved.map(({ name, shape }) => [name, shape])).toEqual([
      ['PAD', [1, 10, 10, 2]],
      ['CONV_2D', [1, 4, 4, 1]],
    ]);
    expect(halved[0]!.inputs[1]).toMatchObject({
      shape: [4, 2],
      data: Int32Array.of(0, 0, 1, 1, 1, 1, 0, 0),
    });
    expect(halved[1]!.options.slice(0, 3)).toEqual([VALID, 2, 2]);
    // One pixel at the end only is what SAME does here.
    const atEnd = modelOf([3, 3, 2, 1], { ...conv, to: 2, strides: [2, 2], sides: [0, 1, 0, 1] }).operators;
    expect(atEnd.map(({ name, options }) => [name, options[0]])).toEqual([['CONV_2D', SAME]]);
  });

  it('joins the filters of a convolution with groups, one after the other', () => {
    const step: Step = {
      ...{ op: 'groupedConv2d', to: 3, x: IMAGE, filters: [FILTER, FILTER] },
      ...{ sides: [0, 0, 0, 0], ...window },
    };
    const [convolution] = modelOf([1, 1, 1, 2], step).operators;
    expect(convolution!.inputs[1]).toMatchObject({ shape: [4, 1, 1, 1], data: Float32Array.of(0, 1, 0, 1) });
    expect(convolution!.shape).toEqual([1, 8, 8, 4]);
  });

  it('has the multiplier of a depthwise convolution', () => {
    const conv = { op: 'depthwiseConv2d', to: 2, x: IMAGE, filter: FILTER, sides: [0, 0, 0, 0] } as const;
    const step: Step = { ...conv, ...window, activation: 'relu6' };
    const [convolution] = modelOf([2, 2, 2, 3], step).operators;
    expect(convolution).toMatchObject({ name: 'DEPTHWISE_CONV_2D', shape: [1, 7, 7, 6] });
    expect(convolution!.inputs[1]!.shape).toEqual([1, 2, 2, 6]);
    expect(convolution!.options).toEqual([VALID, 1, 1, 3, { byte: ACTIVATIONS.relu6 }, 1, 1]);
  });

  it('turns the weights of a product around', () => {
    const flat: Step = { op: 'reshape', to: 2, x: IMAGE, shape: [64, 2] };
    const product: Step = { op: 'matMul', to: 3, x: 2, weight: FILTER, activation: 'relu' };
    const { operators, model } = modelOf([2, 3], flat, product);
    expect(operators[1]).toMatchObject({ name: 'FULLY_CONNECTED', shape: [64, 3] });
    expect(operators[1]!.inputs[1]).toMatchObject({ shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
    expect(model.tensors[model.output]!.shape).toEqual([64, 3]);
  });

  it('takes every second pixel, joins channels and broadcasts', () => {
    const { operators } = modelOf(
      [1, 1, 1, 2],
      { op: 'slice', to: 2, x: IMAGE, begin: [0, 0, 0, 0], end: [1, 8, 7, 2], strides: [1, 2, 2, 1] },
      { op: 'concat', to: 3, xs: [2, 2], axis: 3 },
      { op: 'globalAveragePool', to: 4, x: IMAGE },
      { op: 'add', to: 5, a: 4, b: IMAGE },
    );
    expect(operators.map(({ name, shape }) => [name, shape])).toEqual([
      ['STRIDED_SLICE', [1, 4, 4, 2]],
      ['CONCATENATION', [1, 4, 4, 4]],
      ['MEAN', [1, 2]],
      ['ADD', [1, 8, 8, 2]],
    ]);
  });

  it('refuses what is for training, and padding with numbers other than zero', () => {
    const norm: Step = { op: 'batchNorm', to: 2, x: IMAGE, scale: FILTER, offset: FILTER, epsilon: 1e-5 };
    expect(() => modelOf([2], norm)).toThrow('batchNorm');
    const sides = [0, 1, 1, 0].map((side) => [side, side] as const);
    expect(() => modelOf([2], { op: 'pad', to: 2, x: IMAGE, sides, value: 1 })).toThrow('zeros');
  });
});

/** A table of a flatbuffer: where its fields are. */
function openTable(view: DataView, at: number) {
  const fields = at - view.getInt32(at, true);
  const place = (field: number): number | undefined => {
    const entry = 4 + 2 * field;
    const offset = entry < view.getUint16(fields, true) ? view.getUint16(fields + entry, true) : 0;
    return offset === 0 ? undefined : at + offset;
  };
  const follow = (field: number): number => place(field)! + view.getUint32(place(field)!, true);
  return {
    int: (field: number): number => view.getInt32(place(field)!, true),
    has: (field: number): boolean => place(field) !== undefined,
    /** Where the entries of a vector begin, and how many there are. */
    vector: (field: number) => ({ at: follow(field) + 4, length: view.getUint32(follow(field), true) }),
    tables(field: number): number[] {
      const start = follow(field) + 4;
      const length = view.getUint32(start - 4, true);
      return Array.from({ length }, (_, i) => start + 4 * i + view.getUint32(start + 4 * i, true));
    },
  };
}

function describeWithFlatbuffers(name: string, body: () => void): void {
  if (isPeerInstalled('flatbuffers')) describe(name, body);
  else describe(name, () => it.skip('needs flatbuffers: npm ci --ignore-scripts --prefix test/bench/peers'));
}

describeWithFlatbuffers('its file', () => {
  const step: Step = { op: 'conv2d', to: 2, x: IMAGE, filter: FILTER, sides: [0, 0, 0, 0], ...window };
  const { model } = modelOf([1, 1, 2, 3], step, { op: 'relu', to: 3, x: 2 });
  // A copy, so that addresses are those in the file.
  const bytes = writeTflite(model).slice();
  const view = new DataView(bytes.buffer);
  const root = () => openTable(view, view.getUint32(0, true));

  it('is one of version 3 with the operators by their numbers', () => {
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe('TFL3');
    expect(root().int(0)).toBe(3);
    const codes = root()
      .tables(1)
      .map((at) => openTable(view, at).int(3));
    expect(codes).toEqual([OPERATORS.CONV_2D, OPERATORS.RELU]);
  });

  it('has the numbers of constants at multiples of 16, and none in buffer 0', () => {
    const [empty, filter, bias, ...others] = root()
      .tables(4)
      .map((at) => openTable(view, at));
    expect([empty!.has(0), others.length]).toEqual([false, 0]);
    const { at, length } = filter!.vector(0);
    expect([at % 16, length]).toEqual([0, 24]);
    expect([...new Float32Array(bytes.buffer, at, 6)]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(bias!.vector(0)).toMatchObject({ length: 12 });
  });

  it('names the tensors of an operator and their buffers', () => {
    const graph = openTable(view, root().tables(2)[0]!);
    const [convolution] = graph.tables(3).map((at) => openTable(view, at));
    const inputs = convolution!.vector(1);
    const indices = [...new Int32Array(bytes.buffer, inputs.at, inputs.length)];
    const tensors = graph.tables(0).map((at) => openTable(view, at));
    expect(indices.map((index) => tensors[index]!.int(2))).toEqual([0, 1, 2]);
    expect(indices.map((index) => tensors[index]!.vector(0).length)).toEqual([4, 4, 1]);
  });
});
