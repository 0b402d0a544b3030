/** What training adds to a model: losses, targets, dropout, and the diagnoses of each. */
import { describe, expect, it } from 'vitest';
import {
  buildGraph,
  defineModel,
  Diagnostic,
  type BuildOptions,
  type Graph,
  type Net,
  type Tensor,
} from 'cnnc';
import { formatType } from '../../compiler/ir/types.ts';
import { evaluateGraph, type Bindings } from '../../compiler/ops/evaluate.ts';

const inputsOf = (graph: Graph): string[] =>
  graph.nodes.flatMap((node) =>
    node.op === 'input' ? [`${node.attrs.name} ${formatType(node.attrs.type)}`] : [],
  );

const outputsOf = (graph: Graph): string[] =>
  graph.outputs.map(({ name, value }) => `${name} ${formatType(graph.nodes[value]!.type)}`);

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    return error.message.replace(/ \(test\/frontend\/modelTraining\.test\.ts:\d+\)/g, '');
  }
  throw new Error('nothing was diagnosed');
}

const untyped = (value: unknown) => value as never;

describe('the default loss', () => {
  const classifier = defineModel({
    name: 'classifier',
    inputs: { x: [2, 3] },
    build: (_net, { x }) => ({ logits: x }),
  });

  it('is the mean cross-entropy against class numbers, whose batch is the outputs’', () => {
    const graph = buildGraph(classifier, { training: true, batch: 4 });
    expect(inputsOf(graph)).toEqual(['x f32[4,3]', 'label i32[4]']);
    expect(outputsOf(graph)).toEqual(['logits f32[4,3]', 'loss f32[]']);
    expect(graph.nodes.at(-1)!.attrs).toEqual({ labelSmoothing: 0, ignoreIndex: -100 });
  });

  it('is not there in evaluation', () => {
    expect(outputsOf(buildGraph(classifier, { training: false }))).toEqual(['logits f32[2,3]']);
  });

  it.each<
    [string, Record<string, readonly number[]>, (net: Net, x: Tensor) => Record<string, Tensor>, string]
  >([
    [
      'an image',
      { x: [1, 2, 4, 4] },
      (_, x) => ({ y: x }),
      'it has no loss to train with; only a model with one output f32[N, classes] needs none, this one has y f32[1,2,4,4]',
    ],
    [
      'two outputs',
      { x: [1, 2] },
      (net, x) => ({ a: x, b: net.relu(x) }),
      'it has no loss to train with; only a model with one output f32[N, classes] needs none, this one has a f32[1,2], b f32[1,2]',
    ],
    [
      'an input called label',
      { label: [1, 2] },
      (_, x) => ({ y: x }),
      'the name label is taken by the target of the default loss; rename the input or output',
    ],
    [
      'an output called loss',
      { x: [1, 2] },
      (_, x) => ({ loss: x }),
      'the output loss needs another name: training adds an input or output with this name',
    ],
    [
      'an input called seed',
      { seed: [1, 2] },
      (_, x) => ({ y: x }),
      'the input seed needs another name: training adds an input or output with this name',
    ],
  ])('does not fit %s', (_, inputs, build, found) => {
    const model = defineModel({
      name: 'net',
      inputs,
      build: (net, tensors) => build(net, Object.values(tensors)[0]!),
    });
    expect(messageOf(() => buildGraph(model, { training: true })).split('\n')[0]).toBe(
      `model at net: ${found}`,
    );
    expect(() => buildGraph(model, { training: false })).not.toThrow();
  });
});

describe('a loss of the model’s own', () => {
  const segmenter = defineModel({
    name: 'segmenter',
    inputs: { image: [1, 2, 4, 6] },
    build: (net, { image }) => ({ logits: net.relu(image), mean: net.reduceMean(image) }),
    targets: { mask: { dtype: 'i32', shape: [1, 4, 6] }, mean: [1] },
    loss(net, { logits, mean }, targets) {
      const pixels = net.crossEntropy(logits, targets.mask, { weights: [1, 3], ignoreIndex: 255 });
      return net.add(
        pixels,
        net.mseLoss(net.reshape(mean, { shape: [1] }), net.slice(targets.mean, { ends: [1] })),
      );
    },
  });

  it('reads outputs and targets', () => {
    const graph = buildGraph(segmenter, { training: true });
    expect(inputsOf(graph)).toEqual(['image f32[1,2,4,6]', 'mask i32[1,4,6]', 'mean f32[1]']);
    expect(outputsOf(graph)).toEqual(['logits f32[1,2,4,6]', 'mean f32[]', 'loss f32[]']);
    const crossEntropy = graph.nodes.find(({ op }) => op === 'crossEntropy')!;
    expect(crossEntropy.origin.path).toBe('loss.crossEntropy');
    expect(crossEntropy.attrs).toEqual({ labelSmoothing: 0, ignoreIndex: 255 });
    const weights = graph.nodes[crossEntropy.inputs[2]!]!;
    expect(weights.op === 'constant' && Array.from(weights.attrs.data)).toEqual([1, 3]);
  });

  it.each<[Omit<BuildOptions, 'training'>, string[]]>([
    [{ batch: 3 }, ['image f32[3,2,4,6]', 'mask i32[3,4,6]', 'mean f32[3]']],
    [{ inputs: { image: [5, 2, 4, 6] } }, ['image f32[5,2,4,6]', 'mask i32[5,4,6]', 'mean f32[5]']],
    [
      { inputs: { image: [2, 2, 3, 3], mask: [2, 3, 3] } },
      ['image f32[2,2,3,3]', 'mask i32[2,3,3]', 'mean f32[2]'],
    ],
  ])('has targets whose batch follows %j', (options, inputs) => {
    expect(inputsOf(buildGraph(segmenter, { training: true, ...options }))).toEqual(inputs);
  });

  it('refuses targets of another batch', () => {
    const build = () => buildGraph(segmenter, { training: true, batch: 2, inputs: { mask: [3, 4, 6] } });
    expect(messageOf(build)).toBe('model at segmenter: the batch is 2, but target mask is to be [3,4,6]');
  });

  const losing = (loss: (net: Net, outputs: { readonly y: Tensor }) => unknown): string =>
    messageOf(() =>
      buildGraph(
        defineModel({
          name: 'net',
          inputs: { x: [2, 3] },
          build: (net, { x }) => ({ y: net.relu(x) }),
          loss: (net, outputs) => loss(net, outputs) as Tensor,
        }),
        { training: true },
      ),
    );

  it.each<[string, (net: Net, outputs: { readonly y: Tensor }) => unknown, string]>([
    ['nothing', () => undefined, 'loss returned undefined, expected a scalar tensor'],
    [
      'no scalar',
      (_, { y }) => y,
      'loss returned a tensor of shape [2,3], expected a scalar\n  net.reduceMean(x) makes one',
    ],
    [
      'integers',
      (net, { y }) => net.argMax(net.reshape(y, { shape: [6] }), { axis: 0 }),
      'loss returned i32, expected f32',
    ],
    [
      'parameters',
      (net, { y }) => net.reduceMean(net.linear('fc', y, { features: 1 })),
      'loss makes the parameter loss.fc.weight; parameters must be made in build',
    ],
  ])('returns %s', (_, loss, found) => {
    expect(losing(loss)).toBe(`model at net: ${found}`);
  });

  it('throws: its own line', () => {
    const message = losing((_, { y }) => (y as unknown as { bias: number[] }).bias.length);
    expect(message).toMatch(
      /^model at net: loss failed\n {2}test\/frontend\/modelTraining\.test\.ts:\d+: TypeError/,
    );
  });

  const valid = { name: 'net', inputs: { x: [1, 2] }, build: () => ({}), loss: () => undefined };
  it.each([
    [{ ...valid, loss: 'mse' }, 'loss is "mse", expected a function of (net, outputs, targets)'],
    [{ ...valid, targets: { x: [1] } }, 'x is an input and a target'],
    [
      { ...valid, targets: { y: [0] } },
      'target y has shape [0], expected whole numbers from 1, the batch first',
    ],
    [{ ...valid, targets: 3 }, 'targets is 3, expected shapes by name, such as { mask: [1, 1, 64, 64] }'],
    [
      { ...valid, loss: undefined, targets: { y: [1] } },
      'targets are declared, but there is no loss that uses them',
    ],
    [{ ...valid, los: 1 }, 'unknown option los, did you mean loss?'],
  ])('%j', (definition, found) => {
    expect(messageOf(() => defineModel(untyped(definition)))).toBe(`model at net: ${found}`);
  });
});

describe('losses', () => {
  const lossOf = (
    loss: (net: Net, y: Tensor, t: Tensor) => Tensor,
    bindings: Bindings,
    labels = false,
  ): number => {
    const model = defineModel({
      name: 'net',
      inputs: { y: [2, 2] },
      build: (net, { y }) => ({ y: net.add(y, 0) }),
      targets: { t: { dtype: labels ? 'i32' : 'f32', shape: labels ? [2] : [2, 2] } },
      loss: (net, { y }, { t }) => loss(net, y, t),
    });
    return evaluateGraph(buildGraph(model, { training: true }), bindings).outputs['loss']![0]!;
  };
  const y = [1, -2, 0.5, 3];
  const t = [0, 0, 1, 1];

  it.each<[string, (net: Net, y: Tensor, t: Tensor) => Tensor, number]>([
    ['mseLoss', (net, a, b) => net.mseLoss(a, b), (1 + 4 + 0.25 + 4) / 4],
    ['l1Loss', (net, a, b) => net.l1Loss(a, b), (1 + 2 + 0.5 + 2) / 4],
    ['smoothL1Loss', (net, a, b) => net.smoothL1Loss(a, b), (0.5 + 1.5 + 0.125 + 1.5) / 4],
    ['smoothL1Loss, beta 2', (net, a, b) => net.smoothL1Loss(a, b, { beta: 2 }), (0.25 + 1 + 0.0625 + 1) / 4],
    [
      'bceWithLogits',
      (net, a, b) => net.bceWithLogits(a, b),
      y.reduce((sum, x, i) => sum + Math.log(1 + Math.exp(t[i] === 1 ? -x : x)), 0) / 4,
    ],
  ])('%s', (_, loss, expected) => {
    expect(lossOf(loss, { y, t })).toBeCloseTo(expected, 7);
  });

  it.each<[string, Parameters<Net['crossEntropy']>[2], number]>([
    // l(n, c) = -log softmax: of [1, -2] and [0.5, 3].
    ['plain', undefined, (l(3) + l(-2.5)) / 2],
    ['weighted', { weights: [1, 4] }, (l(3) + 4 * l(2.5)) / 5],
    ['smoothed', { labelSmoothing: 0.2 }, (0.9 * l(3) + 0.1 * l(-3) + 0.9 * l(-2.5) + 0.1 * l(2.5)) / 2],
    ['ignoring a class', { ignoreIndex: 1 }, l(3)],
  ])('crossEntropy, %s', (name, options, expected) => {
    const labels = name === 'weighted' || name === 'ignoring a class' ? [0, 1] : [0, 0];
    expect(lossOf((net, a, b) => net.crossEntropy(a, b, options), { y, t: labels }, true)).toBeCloseTo(
      expected,
      6,
    );
  });

  /** -log of the probability of the class whose logit is `ahead` above the other one's. */
  function l(ahead: number): number {
    return Math.log(1 + Math.exp(-ahead));
  }

  it('refuses class weights of another number', () => {
    const build = () => lossOf((net, a, b) => net.crossEntropy(a, b, { weights: [1, 2, 3] }), {}, true);
    expect(messageOf(build)).toBe(
      'crossEntropy at loss.crossEntropy: the option weights has 3 numbers, there are 2 classes',
    );
  });
});

describe('dropout', () => {
  const model = (p?: number) =>
    defineModel({
      name: 'net',
      inputs: { x: [8, 500] },
      build: (net, { x }) => {
        const options = p === undefined ? undefined : { p };
        return { a: net.dropout(x, options), b: net.scope('block').dropout(x, options) };
      },
      loss: (net, { a }) => net.reduceMean(a),
    });
  const x = Array<number>(4000).fill(1);

  it('is the identity in evaluation, and with p 0', () => {
    expect(buildGraph(model(), { training: false }).nodes.map(({ op }) => op)).toEqual(['input']);
    const training = buildGraph(model(0), { training: true });
    expect(inputsOf(training)).toEqual(['x f32[8,500]']);
  });

  it('shares one seed, from which every layer draws its own stream', () => {
    const graph = buildGraph(model(0.25), { training: true });
    expect(inputsOf(graph)).toEqual(['x f32[8,500]', 'seed u32[2]']);
    const dropouts = graph.nodes.filter(({ op }) => op === 'dropout');
    expect(dropouts.map(({ attrs, origin }) => [attrs, origin.path])).toEqual([
      [{ p: 0.25, stream: 0 }, 'dropout'],
      [{ p: 0.25, stream: 1 }, 'block.dropout'],
    ]);
    const { a, b } = evaluateGraph(graph, { x, seed: [7, 3] }).outputs;
    const kept = (values: ArrayLike<number>) => Array.from(values, (value) => value !== 0);
    for (const values of [a!, b!]) {
      const count = kept(values).filter(Boolean).length;
      // 3000 expected; the deviation of the binomial distribution is 27.
      expect(Math.abs(count - 3000)).toBeLessThan(4 * 27);
      expect(new Set(Array.from(values, (value) => value.toFixed(6)))).toEqual(
        new Set(['0.000000', '1.333333']),
      );
    }
    expect(kept(a!)).not.toEqual(kept(b!));
    expect(kept(evaluateGraph(graph, { x, seed: [7, 4] }).outputs['a']!)).not.toEqual(kept(a!));
  });

  it('refuses to drop everything', () => {
    expect(messageOf(() => buildGraph(model(1), { training: true }))).toBe(
      'dropout at dropout: the option p is 1, expected a number from 0 to below 1',
    );
  });
});
