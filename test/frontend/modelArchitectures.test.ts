/** The architectures of models/, held to published parameter counts and to the weights that are around. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildGraph, type Graph, type Model } from 'cnnc';
import { loadModel } from '../../compiler/frontend/loadModel.ts';
import { matchWeights } from '../../compiler/frontend/matchWeights.ts';
import { readSafetensors, toFloat32 } from '../../compiler/frontend/safetensors.ts';
import { sizeOf, type Node } from '../../compiler/ir/types.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';

const folder = fileURLToPath(new URL('../../models/', import.meta.url));
const model = (name: string): Promise<Model> => loadModel(`${folder}${name}.ts`);

const parametersOf = (graph: Graph): Node<'parameter'>[] =>
  graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');

/** Without the running statistics, as every paper counts. */
const learnedCount = (graph: Graph): number =>
  parametersOf(graph)
    .filter(({ attrs }) => attrs.role === 'weight')
    .reduce((sum, { type }) => sum + sizeOf(type.shape), 0);

/**
 * torchvision's documentation; for the ResNets of CIFAR-10 the README of the weights' repositories and the
 * paper's table 6 in millions (0.27, 0.46, 0.66, 0.85, 1.7).
 */
const COUNTS: Readonly<Record<string, number>> = {
  lenet5: 61_706,
  vgg11: 132_863_336,
  vgg11bn: 132_868_840,
  vgg13: 133_047_848,
  vgg13bn: 133_053_736,
  vgg16: 138_357_544,
  vgg16bn: 138_365_992,
  vgg19: 143_667_240,
  vgg19bn: 143_678_248,
  resnet18: 11_689_512,
  resnet34: 21_797_672,
  resnet50: 25_557_032,
  resnet101: 44_549_160,
  resnet152: 60_192_808,
  resnet20: 269_722,
  resnet20b: 272_474,
  resnet32: 464_154,
  resnet32b: 466_906,
  resnet44: 658_586,
  resnet44b: 661_338,
  resnet56: 853_018,
  resnet56b: 855_770,
  resnet110: 1_727_962,
  resnet110b: 1_730_714,
};

describe('parameter counts', () => {
  it.each(Object.entries(COUNTS))('%s has %i', async (name, count) => {
    const architecture = await model(name);
    expect(architecture.name).toBe(name);
    const graph = buildGraph(architecture, { training: false });
    expect(learnedCount(graph)).toBe(count);
    const [output] = graph.outputs;
    expect(output!.name).toBe('logits');
    expect(graph.nodes[output!.value]!.type.shape).toEqual([1, architecture.labels?.length ?? 1000]);
  });

  it('covers every file of models/ that exports a model', async () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    const sources = files.filter((file) => /^export default /m.test(readFileSync(folder + file, 'utf8')));
    const known = Object.keys(COUNTS).map((name) => `${name}.ts`);
    expect(known.filter((file) => !sources.includes(file))).toEqual([]);
    expect(sources.filter((file) => /^(lenet|vgg|resnet)\d/.test(file) && !known.includes(file))).toEqual([]);
  });
});

describe('training graphs', () => {
  it.each(['resnet18', 'resnet20', 'resnet20b', 'vgg11bn'])(
    '%s updates two buffers per batch norm',
    async (name) => {
      const graph = buildGraph(await model(name), { training: true, batch: 2 });
      const normalizations = graph.nodes.filter(({ op }) => op === 'batchNorm').length;
      expect(normalizations).toBeGreaterThan(0);
      expect(graph.updates).toHaveLength(2 * normalizations);
      const buffers = parametersOf(graph).filter(({ attrs }) => attrs.role === 'buffer');
      expect(new Set(graph.updates.map(({ target }) => target))).toEqual(
        new Set(buffers.map(({ id }) => id)),
      );
    },
  );
});

describeWithTestdata('trained weights', () => {
  it.each([
    ['lenet5', 'mnist-lenet5'],
    ['resnet20', 'cifar10-resnet20-optA'],
    ['resnet20b', 'cifar10-resnet20-optB'],
  ])('%s takes those of %s', async (name, net) => {
    const file = testdata(`nets/${net}/weights.safetensors`);
    const stored = readSafetensors(readFileSync(file), file);
    const graph = buildGraph(await model(name), { training: false });
    const expected = parametersOf(graph).map(({ attrs, type }) => ({ name: attrs.name, shape: type.shape }));
    // Throws where a tensor is missing, unexpected or of another shape.
    expect(matchWeights(stored, expected, file).weights.size).toBe(expected.length);
  });

  it('lenet5 answers as PyTorch did', async () => {
    const file = testdata('nets/mnist-lenet5/weights.safetensors');
    const graph = buildGraph(await model('lenet5'), { training: false });
    const expected = parametersOf(graph).map(({ attrs, type }) => ({ name: attrs.name, shape: type.shape }));
    const { weights } = matchWeights(readSafetensors(readFileSync(file), file), expected, file);
    const reference = readSafetensors(
      readFileSync(testdata('nets/mnist-lenet5/expected.safetensors')),
      'expected',
    );
    const image = toFloat32(reference.tensors.get('input')!).slice(0, 32 * 32);
    const { logits } = evaluateGraph(graph, { image, ...Object.fromEntries(weights) }).outputs;
    const answers = toFloat32(reference.tensors.get('output')!).slice(0, 10);
    const worst = Math.max(...[...answers].map((answer, i) => Math.abs(answer - logits![i]!)));
    // The reference is f32, the interpreter f64.
    expect(worst).toBeLessThan(2e-5);
  });
});
