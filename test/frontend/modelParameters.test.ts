/** Weights that no layer has, weights that two layers share, and blocks that training skips by chance. */
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel, type BuildOptions, type Graph, type Net, type Tensor } from 'cnnc';
import type { Node } from '../../compiler/ir/types.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';

function build(
  layers: (net: Net, x: Tensor) => Tensor,
  shape: readonly number[],
  options: BuildOptions = { training: false },
): Graph {
  const model = defineModel({
    name: 'net',
    inputs: { x: shape },
    build: (net, { x }) => ({ y: layers(net, x) }),
    targets: {},
    loss: (net, { y }) => net.reduceMean(y),
  });
  return buildGraph(model, options);
}

const parametersOf = (graph: Graph): Node<'parameter'>[] =>
  graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');

describe('parameters of the model', () => {
  it('have the very name, with the scope before it, and start as the layer says', () => {
    const graph = build(
      (net, x) => {
        const scale = net.parameter('scale', { shape: [2], start: 3 });
        return net.add(
          net.mul(x, scale),
          net.scope('encoder').parameter('positions', { shape: [1, 2], deviation: 0.5 }),
        );
      },
      [1, 2],
    );
    expect(parametersOf(graph).map(({ attrs }) => attrs)).toEqual([
      {
        name: 'scale',
        type: { dtype: 'f32', shape: [2] },
        role: 'weight',
        initializer: { kind: 'constant', value: 3 },
      },
      {
        name: 'encoder.positions',
        type: { dtype: 'f32', shape: [1, 2] },
        role: 'weight',
        initializer: { kind: 'normal', deviation: 0.5 },
      },
    ]);
    const { outputs } = evaluateGraph(graph, { x: [1, 2], scale: [3, 4], 'encoder.positions': [10, 20] });
    expect([...outputs['y']!]).toEqual([13, 28]);
  });

  it('are refused twice, by a wrong name, and with options that do not exist', () => {
    const twice = (net: Net) => {
      net.parameter('scale', { shape: [1] });
      return net.parameter('scale', { shape: [1] });
    };
    expect(() => build(twice, [1, 2])).toThrow('the parameter scale exists already');
    expect(() => build((net) => net.parameter('a b', { shape: [1] }), [1, 2])).toThrow('the name "a b"');
    expect(() => build((net) => net.parameter('a', { shape: [1], std: 1 } as never), [1, 2])).toThrow(
      'unknown option std',
    );
  });
});

describe('tied weights', () => {
  it('are one parameter; the transposed convolution goes the way back', () => {
    const graph = build(
      (net, x) => {
        const y = net.conv2d('conv', x, { channels: 1, kernel: 2, bias: false });
        const back = { channels: 1, kernel: 2, bias: false, weight: net.tied('conv.weight') };
        return net.convTranspose2d('back', y, back);
      },
      [1, 1, 2, 2],
    );
    expect(parametersOf(graph).map(({ attrs }) => attrs.name)).toEqual(['conv.weight']);
    // The convolution is 1 * 1 + 2 * 2 + 3 * 3 + 4 * 4 = 30.
    const { outputs } = evaluateGraph(graph, { x: [1, 2, 3, 4], 'conv.weight': [1, 2, 3, 4] });
    expect([...outputs['y']!]).toEqual([30, 60, 90, 120]);
  });

  it('must exist and fit', () => {
    expect(() => build((net) => net.tied('conv.weight'), [1, 1, 2, 2])).toThrow(
      'no earlier layer made the parameter conv.weight',
    );
    const misfit = (net: Net, x: Tensor) =>
      net.convTranspose2d('back', x, {
        ...{ channels: 1, kernel: 2, bias: false },
        weight: net.parameter('other', { shape: [1, 1, 3, 3] }),
      });
    expect(() => build(misfit, [1, 1, 2, 2])).toThrow(
      'the option weight is a tensor of shape [1,1,3,3], expected [1,1,2,2]',
    );
  });
});

describe('stochastic depth', () => {
  const layers = (net: Net, x: Tensor): Tensor =>
    net.stochasticDepth(net.mul(x, net.parameter('scale', { shape: [1], start: 1 })), { p: 0.5 });

  it('is nothing in evaluation', () => {
    const graph = build(layers, [4, 3]);
    expect(graph.nodes.map(({ op }) => op)).not.toContain('dropout');
  });

  it('drops whole samples in training, and doubles the others', () => {
    const graph = build(layers, [64, 3], { training: true });
    const x = new Array<number>(64 * 3).fill(1);
    const { outputs } = evaluateGraph(graph, { x, scale: [1], seed: [1, 0] });
    const rows = Array.from({ length: 64 }, (_, i) => [...outputs['y']!].slice(3 * i, 3 * i + 3).join());
    expect(new Set(rows)).toEqual(new Set(['0,0,0', '2,2,2']));
    const kept = rows.filter((row) => row === '2,2,2').length;
    // Of 64 tosses: four standard deviations around the half.
    expect(Math.abs(kept - 32)).toBeLessThan(16);
  });
});
