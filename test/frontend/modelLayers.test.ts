/** Every layer: which operation it appends, with which attributes and parameters, and PyTorch's defaults. */
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel, type Graph, type Net, type Node, type Tensor } from 'cnnc';
import type { OpName } from '../../compiler/ir/types.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { opNames } from '../../compiler/ops/index.ts';

type Build = (net: Net, x: Tensor) => Tensor;

const graphOf = (shape: readonly number[], build: Build): Graph =>
  buildGraph(
    defineModel({ name: 'net', inputs: { x: shape }, build: (net, { x }) => ({ y: build(net, x) }) }),
    { training: false },
  );

/** The last node of the net. */
function layerOf(shape: readonly number[], build: Build): Node {
  const graph = graphOf(shape, build);
  return graph.nodes[graph.outputs[0]!.value]!;
}

const parametersOf = (graph: Graph) =>
  graph.nodes.flatMap((node) =>
    node.op === 'parameter' ? [[node.attrs.name, node.attrs.type.shape, node.attrs.initializer]] : [],
  );

const valuesOf = (shape: readonly number[], data: readonly number[], build: Build): number[] =>
  Array.from(evaluateGraph(graphOf(shape, build), { x: data }).outputs['y']!);

const image = [1, 4, 6, 6];
const window = {
  kernel: [2, 2],
  stride: [2, 2],
  padding: [0, 0, 0, 0],
  dilation: [1, 1],
  ceilMode: false,
};

/** The method, its operation, the least options, and the attributes that they give. */
const layers: readonly (readonly [method: string, op: OpName, least: object, attrs: object])[] = [
  ['relu', 'relu', {}, {}],
  ['relu6', 'clip', {}, { low: 0, high: 6 }],
  ['clip', 'clip', { low: -1 }, { low: -1, high: Infinity }],
  ['leakyRelu', 'leakyRelu', {}, { slope: 0.01 }],
  ['elu', 'elu', {}, { alpha: 1 }],
  ['celu', 'celu', {}, { alpha: 1 }],
  ['selu', 'selu', {}, { alpha: 1.6732632423543772, gamma: 1.0507009873554805 }],
  ['gelu', 'gelu', {}, { approximation: 'none' }],
  ['silu', 'silu', {}, {}],
  ['mish', 'mish', {}, {}],
  ['sigmoid', 'sigmoid', {}, {}],
  ['hardSigmoid', 'hardSigmoid', {}, { alpha: 1 / 6, beta: 0.5 }],
  ['hardSwish', 'hardSwish', {}, {}],
  ['tanh', 'tanh', {}, {}],
  ['softplus', 'softplus', {}, { beta: 1 }],
  ['softsign', 'softsign', {}, {}],
  ['thresholdedRelu', 'thresholdedRelu', {}, { alpha: 1 }],
  ['softmax', 'softmax', {}, { axis: 1 }],
  ['logSoftmax', 'logSoftmax', { axis: -1 }, { axis: 3 }],
  ...[
    'neg',
    'abs',
    'sign',
    'reciprocal',
    'exp',
    'log',
    'sqrt',
    'sin',
    'cos',
    'erf',
    'floor',
    'ceil',
    'round',
  ].map((op) => [op, op as OpName, {}, {}] as const),
  ...['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'SumSquare'].map(
    (name) =>
      [
        `reduce${name}`,
        `reduce${name}` as OpName,
        { axes: [-1, 2] },
        { axes: [3, 2], keepDims: false },
      ] as const,
  ),
  ['argMax', 'argMax', {}, { axis: 1, keepDims: false, selectLastIndex: false }],
  ['maxPool', 'maxPool', { kernel: 2 }, window],
  ['minPool', 'minPool', { kernel: 2 }, window],
  ['averagePool', 'averagePool', { kernel: 2 }, { ...window, countIncludePad: true }],
  ['lpPool', 'lpPool', { kernel: 2 }, { ...window, p: 2 }],
  ['globalAveragePool', 'globalAveragePool', {}, {}],
  ['globalMaxPool', 'globalMaxPool', {}, {}],
  ['globalLpPool', 'globalLpPool', {}, { p: 2 }],
  ['adaptiveAveragePool', 'adaptiveAveragePool', { size: [3, 2] }, { outputSize: [3, 2] }],
  ['channelMaxPool', 'channelMaxPool', { pool: 2 }, { pool: 2 }],
  ['localResponseNorm', 'localResponseNorm', { size: 5 }, { size: 5, alpha: 1e-4, beta: 0.75, k: 1 }],
  ['transpose', 'transpose', { permutation: [0, 2, 3, -3] }, { permutation: [0, 2, 3, 1] }],
  ['expand', 'expand', { shape: [3, 4, 6, 6] }, { shape: [3, 4, 6, 6] }],
  ['pixelShuffle', 'pixelShuffle', { factor: 2 }, { factor: 2, order: 'crd' }],
  ['pixelUnshuffle', 'pixelUnshuffle', { factor: 3 }, { factor: 3, order: 'crd' }],
  ['channelShuffle', 'channelShuffle', { groups: 2 }, { groups: 2 }],
];

const call = (net: Net, method: string, ...args: readonly unknown[]): Tensor =>
  (net as unknown as Record<string, (...args: readonly unknown[]) => Tensor>)[method]!(...args);

describe('layers without parameters', () => {
  it.each(layers)('%s is %s by PyTorch’s defaults', (method, op, least, attrs) => {
    const options = Object.keys(least).length > 0 ? [least] : [];
    const node = layerOf(image, (net, x) => call(net, method, x, ...options));
    expect([node.op, node.attrs]).toEqual([op, attrs]);
  });

  it.each(['add', 'sub', 'mul', 'div', 'pow', 'minimum', 'maximum'])(
    '%s takes a tensor or a number',
    (op) => {
      const graph = graphOf([2, 3], (net, x) => call(net, op, call(net, op, x, x), 2));
      expect(graph.nodes.map((node) => node.op)).toEqual(['input', op, 'constant', op]);
    },
  );

  it('reduces over everything by default, to a scalar', () => {
    expect(layerOf(image, (net, x) => net.reduceMean(x)).type.shape).toEqual([]);
    expect(layerOf(image, (net, x) => net.reduceMax(x, { axes: 1, keepDims: true })).type.shape).toEqual([
      1, 1, 6, 6,
    ]);
  });

  it('splits into equal or given parts', () => {
    const shapes = (parts: number | readonly number[], axis?: number) => {
      let found: (readonly number[])[] = [];
      graphOf(image, (net, x) => {
        const pieces = net.split(x, axis === undefined ? { parts } : { parts, axis });
        found = pieces.map(({ shape }) => shape);
        return net.concat(pieces, { axis: axis ?? 1 });
      });
      return found;
    };
    expect(shapes(2)).toEqual([
      [1, 2, 6, 6],
      [1, 2, 6, 6],
    ]);
    expect(shapes([1, 5], -1)).toEqual([
      [1, 4, 6, 1],
      [1, 4, 6, 5],
    ]);
    const halves = valuesOf([1, 4], [1, 2, 3, 4], (net, x) => {
      const [a, b] = net.split(x, { parts: [1, 3] });
      return net.concat([b!, a!]);
    });
    expect(halves).toEqual([2, 3, 4, 1]);
  });

  it('pools with indices and puts the maxima back', () => {
    const data = [1, 2, 9, 4, 5, 6, 7, 8, 3];
    const values = valuesOf([1, 1, 3, 3], data, (net, x) => {
      const pooled = net.maxPoolWithIndices(x, { kernel: 2, stride: 1 });
      return net.maxUnpool(pooled.values, pooled.indices);
    });
    // Windows of [[1, 2, 9], [4, 5, 6], [7, 8, 3]]; both lower ones have the 8.
    expect(values).toEqual([0, 0, 9, 0, 5, 0, 0, 8, 0]);
    const larger = layerOf([1, 1, 4, 4], (net, x) => {
      const pooled = net.maxPoolWithIndices(x, { kernel: 2 });
      return net.maxUnpool(pooled.values, pooled.indices, { size: [4, 6] });
    });
    expect(larger.attrs).toEqual({ outputSize: [4, 6] });
  });

  it('multiplies matrices, transposed where asked', () => {
    const node = layerOf([2, 3, 4], (net, x) => net.matmul(x, x, { transposeB: true }));
    expect([node.attrs, node.type.shape]).toEqual([{ transposeA: false, transposeB: true }, [2, 3, 3]]);
  });
});

describe('resize', () => {
  const row = [0, 1, 2, 3];
  const resized = (options: Parameters<Net['resize']>[1]) =>
    valuesOf([1, 1, 1, 4], row, (net, x) => net.resize(x, options));

  it.each([
    // torch.nn.functional.interpolate of [0, 1, 2, 3] along one axis.
    [{ size: [1, 6] }, [0, 0, 1, 2, 2, 3]],
    [{ size: [1, 6], mode: 'nearest-exact' }, [0, 1, 1, 2, 3, 3]],
    [{ size: [1, 2], mode: 'nearest-exact' }, [1, 3]],
    [{ size: [1, 8], mode: 'bilinear' }, [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3]],
    [{ size: [1, 7], mode: 'bilinear', alignCorners: true }, [0, 0.5, 1, 1.5, 2, 2.5, 3]],
    [{ scale: [1, 2] }, [0, 0, 1, 1, 2, 2, 3, 3]],
    // floor(4 * 1.4) = 5 positions that are 1 / 1.4 apart, not 4 / 5.
    [{ scale: [1, 1.4] }, [0, 0, 1, 2, 2]],
    [{ scale: [1, 1.4], mode: 'bilinear' }, [0, 4 / 7, 9 / 7, 2, 19 / 7]],
  ] as const)('%j', (options, expected) => {
    const actual = resized(options);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6));
  });
});

describe('layers with parameters', () => {
  const one = { kind: 'constant', value: 1 };
  const zero = { kind: 'constant', value: 0 };
  const he = (fanIn: number) => ({ kind: 'normal', deviation: Math.sqrt(2 / fanIn) });

  it.each([
    [
      'prelu',
      (net: Net, x: Tensor) => net.prelu('p', x),
      [['p.weight', [1], { kind: 'constant', value: 0.25 }]],
    ],
    [
      'prelu by channel',
      (net: Net, x: Tensor) => net.prelu('p', x, { slopes: 4, start: 0.1 }),
      [['p.weight', [4], { kind: 'constant', value: 0.1 }]],
    ],
    [
      'layerNorm',
      (net: Net, x: Tensor) => net.layerNorm('ln', x, { shape: [4, 6, 6] }),
      [
        ['ln.weight', [4, 6, 6], one],
        ['ln.bias', [4, 6, 6], zero],
      ],
    ],
    [
      'layerNorm without bias, over one axis',
      (net: Net, x: Tensor) => net.layerNorm('ln', x, { shape: 6, bias: false }),
      [['ln.weight', [6], one]],
    ],
    [
      'layerNorm, not affine',
      (net: Net, x: Tensor) => net.layerNorm('ln', x, { shape: 6, affine: false }),
      [],
    ],
    [
      'groupNorm',
      (net: Net, x: Tensor) => net.groupNorm('gn', x, { groups: 2 }),
      [
        ['gn.weight', [4], one],
        ['gn.bias', [4], zero],
      ],
    ],
    ['instanceNorm, not affine as PyTorch’s', (net: Net, x: Tensor) => net.instanceNorm('in', x), []],
    [
      'instanceNorm, affine',
      (net: Net, x: Tensor) => net.instanceNorm('in', x, { affine: true }),
      [
        ['in.weight', [4], one],
        ['in.bias', [4], zero],
      ],
    ],
    [
      'convTranspose2d',
      (net: Net, x: Tensor) =>
        net.convTranspose2d('up', x, { channels: 6, kernel: [4, 3], stride: 2, groups: 2 }),
      [
        ['up.weight', [4, 3, 4, 3], he((2 * 4 * 3) / 4)],
        ['up.bias', [6], zero],
      ],
    ],
    [
      'locallyConnected2d',
      (net: Net, x: Tensor) =>
        net.locallyConnected2d('lc', x, { channels: 2, kernel: 3, stride: 2, padding: 1 }),
      [
        ['lc.weight', [2, 3, 3, 4, 3, 3], he(4 * 9)],
        ['lc.bias', [2, 3, 3], zero],
      ],
    ],
  ] as const)('%s', (_, build, parameters) => {
    expect(parametersOf(graphOf(image, build))).toEqual(parameters);
  });

  it('transposes a convolution with output padding', () => {
    const node = layerOf([1, 4, 5, 4], (net, x) =>
      net.convTranspose2d('t', x, {
        channels: 6,
        kernel: 3,
        stride: [2, 3],
        padding: [1, 1],
        outputPadding: [1, 2],
        bias: false,
      }),
    );
    expect(node.attrs).toEqual({
      stride: [2, 3],
      padding: [1, 1, 1, 1],
      dilation: [1, 1],
      groups: 1,
      outputPadding: [1, 2],
    });
    expect(node.type.shape).toEqual([1, 6, 10, 12]);
  });

  it('keeps the places of an unshared convolution with same padding', () => {
    const node = layerOf([1, 2, 7, 5], (net, x) =>
      net.locallyConnected2d('lc', x, { channels: 3, kernel: 3, stride: 2, padding: 'same', bias: false }),
    );
    expect(node.type.shape).toEqual([1, 3, 4, 3]);
  });
});

describe('every operation', () => {
  /** What compilers make, not models: gradients, parts of layers, wrappers and leaves. */
  const internal: readonly RegExp[] = [
    /Gradient$/,
    /^(input|parameter|constant|fusion)$/,
    /^(batchMean|batchVariance|crossEntropyWeight|maxPoolIndices)$/,
  ];
  /** Operators for other frontends or for the compiler itself. */
  const unreached: readonly string[] = [
    'cast',
    'compare',
    'gather',
    'randomNormal',
    'randomUniform',
    'where',
  ];

  it('has a layer', () => {
    const net = netMethods();
    const missing = opNames.filter(
      (op) =>
        !internal.some((pattern) => pattern.test(op)) &&
        !unreached.includes(op) &&
        !net.includes(METHODS[op] ?? op),
    );
    expect(missing).toEqual([]);
  });

  const METHODS: Partial<Record<OpName, string>> = { resizeBilinear: 'resize', resizeNearest: 'resize' };

  function netMethods(): string[] {
    let methods: string[] = [];
    graphOf([1], (net, x) => {
      methods = Object.keys(net);
      return x;
    });
    return methods;
  }
});
