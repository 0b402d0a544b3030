import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel, type Graph, type Net, type Node, type Tensor } from 'cnnc';
import type { OpName } from '../../compiler/ir/types.ts';

type Build = (net: Net, x: Tensor) => Tensor;

const graphOf = (shape: readonly number[], build: Build, training = false): Graph =>
  buildGraph(
    defineModel({ name: 'net', inputs: { x: shape }, build: (net, { x }) => ({ y: build(net, x) }) }),
    { training },
  );

const nodesOf = <K extends OpName>(graph: Graph, op: K): Node<K>[] =>
  graph.nodes.filter((node) => node.op === op) as unknown as Node<K>[];

const outputShape = (graph: Graph): readonly number[] => graph.nodes[graph.outputs[0]!.value]!.type.shape;

describe('a graph', () => {
  it('holds inputs, parameters and layers in the order of build', () => {
    const graph = graphOf([2, 3, 8, 8], (net, x) =>
      net.relu(net.conv2d('conv', x, { channels: 4, kernel: 3 })),
    );
    expect(graph.name).toBe('net');
    expect(graph.nodes.map(({ op }) => op)).toEqual(['input', 'parameter', 'parameter', 'conv2d', 'relu']);
    expect(graph.outputs).toEqual([{ name: 'y', value: 4 }]);
    expect(nodesOf(graph, 'parameter').map(({ attrs }) => [attrs.name, attrs.type.shape])).toEqual([
      ['conv.weight', [4, 3, 3, 3]],
      ['conv.bias', [4]],
    ]);
  });

  it('prefixes names and paths by scope and numbers the layers that have no name', () => {
    const graph = graphOf([1, 2, 4, 4], (net, x) => {
      const block = net.scope('layer1').scope('0');
      const y = block.relu(block.conv2d('conv1', x, { channels: 2, kernel: 1, bias: false }));
      return net.scope('layer1.0').relu(net.relu(block.add(y, x)));
    });
    expect(graph.nodes.map(({ origin }) => origin.path)).toEqual([
      'x',
      'layer1.0.conv1',
      'layer1.0.conv1',
      'layer1.0.relu',
      'layer1.0.add',
      'relu',
      'layer1.0.relu2',
    ]);
    expect(nodesOf(graph, 'parameter')[0]!.attrs.name).toBe('layer1.0.conv1.weight');
  });

  it('knows the line of the model file, also inside a block', () => {
    const block: Build = (net, x) => net.relu(x);
    const here = Number(/:(\d+):\d+\)?$/.exec(new Error().stack!.split('\n')[1]!)![1]);
    const graph = graphOf([1, 2], (net, x) => {
      const y = block(net, x);
      return net.add(y, x);
    });
    const places = graph.nodes.slice(1).map(({ origin }) => [origin.file, origin.line! - here]);
    expect(places).toEqual([
      ['test/frontend/modelBuilding.test.ts', -1],
      ['test/frontend/modelBuilding.test.ts', 3],
    ]);
  });

  it('is the same when it is built twice', () => {
    const model = defineModel({
      name: 'twice',
      inputs: { x: [1, 2, 4, 4] },
      build: (net, { x }) => ({ y: net.conv2d('conv', x, { channels: 2, kernel: 3 }) }),
    });
    expect(buildGraph(model, { training: false })).toEqual(buildGraph(model, { training: false }));
  });

  it('takes another batch or other shapes', () => {
    const model = defineModel({
      name: 'shapes',
      inputs: { a: [1, 3, 8, 8], b: { dtype: 'i32', shape: [1] } },
      build: (net, { a, b }) => ({ y: net.relu(a), b }),
    });
    const shapes = (options: { batch?: number; inputs?: Record<string, number[]> }) =>
      nodesOf(buildGraph(model, { training: false, ...options }), 'input').map(({ type }) => type);
    expect(shapes({ batch: 4 })).toEqual([
      { dtype: 'f32', shape: [4, 3, 8, 8] },
      { dtype: 'i32', shape: [4] },
    ]);
    expect(shapes({ inputs: { a: [2, 3, 5, 7] } })).toEqual([
      { dtype: 'f32', shape: [2, 3, 5, 7] },
      { dtype: 'i32', shape: [1] },
    ]);
  });
});

describe('conv2d', () => {
  const attrsOf = (shape: readonly number[], options: Partial<Parameters<Net['conv2d']>[2]>) =>
    nodesOf(
      graphOf(shape, (net, x) => net.conv2d('c', x, { channels: 4, kernel: 3, ...options })),
      'conv2d',
    )[0]!;

  it('reads one number, a pair, or all four sides', () => {
    expect(attrsOf([1, 2, 9, 9], {}).attrs).toEqual({
      stride: [1, 1],
      padding: [0, 0, 0, 0],
      dilation: [1, 1],
      groups: 1,
    });
    expect(attrsOf([1, 2, 9, 9], { stride: 2, padding: 1, dilation: 2, groups: 2 }).attrs).toEqual({
      stride: [2, 2],
      padding: [1, 1, 1, 1],
      dilation: [2, 2],
      groups: 2,
    });
    expect(attrsOf([1, 2, 9, 9], { stride: [2, 3], padding: [1, 2], dilation: [1, 2] }).attrs).toEqual({
      stride: [2, 3],
      padding: [1, 2, 1, 2],
      dilation: [1, 2],
      groups: 1,
    });
    expect(attrsOf([1, 2, 9, 9], { padding: [0, 1, 2, 3] }).attrs.padding).toEqual([0, 1, 2, 3]);
  });

  it.each([
    // [height, width], kernel, stride, dilation, TensorFlow's padding
    [[9, 9], 3, 1, 1, [1, 1, 1, 1]],
    [[96, 96], 3, 2, 1, [0, 0, 1, 1]],
    [[9, 8], 3, 2, 1, [1, 0, 1, 1]],
    [[7, 7], 2, 1, 1, [0, 0, 1, 1]],
    [[8, 8], 3, 1, 2, [2, 2, 2, 2]],
    [[8, 8], 1, 2, 1, [0, 0, 0, 0]],
  ] as const)(
    'same padding of %j, kernel %i, stride %i, dilation %i',
    ([height, width], kernel, stride, dilation, padding) => {
      const node = attrsOf([1, 2, height, width], { kernel, stride, dilation, padding: 'same' });
      expect(node.attrs.padding).toEqual(padding);
      expect(node.type.shape).toEqual([1, 4, Math.ceil(height / stride), Math.ceil(width / stride)]);
    },
  );

  it('starts as He et al. 2015: deviation sqrt(2 / fan-in), biases at 0', () => {
    const graph = graphOf([1, 8, 5, 5], (net, x) =>
      net.conv2d('c', x, { channels: 4, kernel: [3, 5], groups: 2 }),
    );
    expect(nodesOf(graph, 'parameter').map(({ attrs }) => attrs.initializer)).toEqual([
      { kind: 'normal', deviation: Math.sqrt(2 / (4 * 3 * 5)) },
      { kind: 'constant', value: 0 },
    ]);
  });
});

describe('pooling, linear and shape layers', () => {
  it('pools with the kernel as the default stride', () => {
    const graph = graphOf([1, 2, 9, 8], (net, x) =>
      net.averagePool(net.maxPool(x, { kernel: 2 }), { kernel: [2, 1], ceilMode: true }),
    );
    expect(nodesOf(graph, 'maxPool')[0]!.attrs).toEqual({
      kernel: [2, 2],
      stride: [2, 2],
      padding: [0, 0, 0, 0],
      dilation: [1, 1],
      ceilMode: false,
    });
    expect(nodesOf(graph, 'averagePool')[0]!.attrs).toMatchObject({
      stride: [2, 1],
      ceilMode: true,
      countIncludePad: true,
    });
    expect(outputShape(graph)).toEqual([1, 2, 2, 4]);
  });

  it('classifies', () => {
    const graph = graphOf([2, 8, 5, 5], (net, x) =>
      net.softmax(net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 3 }), { axis: -1 }),
    );
    expect(nodesOf(graph, 'parameter').map(({ attrs }) => [attrs.name, attrs.type.shape])).toEqual([
      ['fc.weight', [3, 8]],
      ['fc.bias', [3]],
    ]);
    expect(nodesOf(graph, 'softmax')[0]!.attrs).toEqual({ axis: 1 });
    expect(outputShape(graph)).toEqual([2, 3]);
  });

  it('slices, pads, concatenates and reshapes', () => {
    const graph = graphOf([1, 4, 6, 6], (net, x) => {
      const half = net.slice(x, { starts: [0, 0, -6, 0], ends: [1, 4, -1, 6], steps: [1, 1, 2, 2] });
      const padded = net.pad(half, { before: [0, 1, 0, 0], after: [0, 3, 0, 0] });
      return net.reshape(net.concat([padded, padded]), { shape: [2, -1, 3] });
    });
    expect(nodesOf(graph, 'slice')[0]!.attrs).toEqual({
      starts: [0, 0, 0, 0],
      ends: [1, 4, 5, 6],
      steps: [1, 1, 2, 2],
    });
    expect(nodesOf(graph, 'pad')[0]!.type.shape).toEqual([1, 8, 3, 3]);
    expect(nodesOf(graph, 'concat')[0]!.type.shape).toEqual([1, 16, 3, 3]);
    expect(outputShape(graph)).toEqual([2, 24, 3]);
  });
});
