/**
 * The architectures of the zoo have the published numbers of parameters, and the names and shapes of published
 * weights.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildGraph, type Graph } from 'cnnc';
import { matchWeights } from '../../compiler/frontend/matchWeights.ts';
import { readSafetensors, toFloat32, type SafetensorsFile } from '../../compiler/frontend/safetensors.ts';
import { sizeOf, type Node } from '../../compiler/ir/types.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';
import { modelNames, zooModel } from '../support/models.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { ZOO } from '../support/zoo.ts';

const parametersOf = (graph: Graph): Node<'parameter'>[] =>
  graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');

/** Without the running statistics, as every paper counts. */
const learnedCount = (graph: Graph): number =>
  parametersOf(graph)
    .filter(({ attrs }) => attrs.role === 'weight')
    .reduce((sum, { type }) => sum + sizeOf(type.shape), 0);

/**
 * torchvision's documentation; for the ResNets of CIFAR-10 the README of the weights' repositories and the
 * paper's table 6 in millions (0.27, 0.46, 0.66, 0.85, 1.7, 19.4). DenseNet-BC and MobileNet: the READMEs of the
 * repositories whose names they carry, and the papers' 0.8 and 4.2 million.
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
  resnet1202: 19_421_274,
  resnet1202b: 19_424_026,
  densenet121: 7_978_856,
  densenet169: 14_149_480,
  densenet201: 20_013_928,
  densenetbc100: 769_162,
  googlenet: 6_624_904,
  mobilenetv1: 4_231_976,
  mobilenetv2: 3_504_872,
  squeezenet1_0: 1_248_424,
  squeezenet1_1: 1_235_496,
};

/** Fine-tuning's example: another head on a net that is counted. */
const OTHER_HEADS = ['vehicles'];

describe('parameter counts', () => {
  it.each(Object.entries(COUNTS))('%s has %i', async (name, count) => {
    const architecture = await zooModel(name);
    expect(architecture.name).toBe(name);
    const graph = buildGraph(architecture, { training: false });
    expect(learnedCount(graph)).toBe(count);
    const [output] = graph.outputs;
    expect(output!.name).toBe('logits');
    expect(graph.nodes[output!.value]!.type.shape).toEqual([1, architecture.labels?.length ?? 1000]);
  });

  it('cover every model, here or in zoo.test.ts', () => {
    const known = Object.keys({ ...COUNTS, ...ZOO });
    expect(modelNames).toEqual([...known, ...OTHER_HEADS].sort());
  });
});

/** Keys of the state dicts that the nets' headers name: the first, the odd ones and the last. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  densenet121: [
    'features.conv0.weight',
    'features.norm0.running_mean',
    'features.denseblock1.denselayer1.norm1.weight',
    'features.denseblock4.denselayer16.conv2.weight',
    'features.transition3.conv.weight',
    'features.norm5.bias',
    'classifier.bias',
  ],
  densenetbc100: ['features.denseblock3.denselayer16.norm2.weight', 'features.norm_final.weight'],
  mobilenetv1: ['model.0.0.weight', 'model.13.3.weight', 'model.13.4.running_var', 'fc.weight'],
  mobilenetv2: [
    'features.0.0.weight',
    'features.1.conv.0.0.weight',
    'features.1.conv.1.weight',
    'features.1.conv.2.running_mean',
    'features.17.conv.1.0.weight',
    'features.17.conv.3.bias',
    'features.18.1.weight',
    'classifier.1.weight',
  ],
  googlenet: [
    'conv1.conv.weight',
    'conv3.bn.running_var',
    'inception3a.branch1.conv.weight',
    'inception3a.branch2.0.conv.weight',
    'inception5b.branch3.1.bn.weight',
    'inception5b.branch4.1.conv.weight',
    'fc.bias',
  ],
  squeezenet1_0: ['features.0.bias', 'features.12.expand3x3.weight', 'classifier.1.weight'],
  squeezenet1_1: ['features.3.squeeze.weight', 'features.12.expand1x1.bias', 'classifier.1.bias'],
};

describe('names in weight files', () => {
  it.each(Object.entries(NAMES))('%s', async (name, expected) => {
    const graph = buildGraph(await zooModel(name), { training: false });
    const names = parametersOf(graph).map(({ attrs }) => attrs.name);
    expect(names).toEqual(expect.arrayContaining([...expected]));
  });
});

describe('auxiliary classifiers', () => {
  it('GoogLeNet has two in training, and torchvision counts them', async () => {
    const graph = buildGraph(await zooModel('googlenet'), { training: true, batch: 2 });
    expect(graph.outputs.map(({ name }) => name)).toEqual(['logits', 'aux1', 'aux2', 'loss']);
    expect(learnedCount(graph)).toBe(13_004_888);
    const names = parametersOf(graph).map(({ attrs }) => attrs.name);
    expect(names).toEqual(
      expect.arrayContaining(['aux1.conv.conv.weight', 'aux2.fc1.weight', 'aux2.fc2.bias']),
    );
  });
});

describe('training graphs', () => {
  it.each(['resnet18', 'resnet20', 'resnet20b', 'vgg11bn', 'densenetbc100', 'mobilenetv2', 'googlenet'])(
    '%s updates two buffers per batch norm',
    async (name) => {
      const graph = buildGraph(await zooModel(name), { training: true, batch: 2 });
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
    const graph = buildGraph(await zooModel(name), { training: false });
    const expected = parametersOf(graph).map(({ attrs, type }) => ({ name: attrs.name, shape: type.shape }));
    // Throws where a tensor is missing, unexpected or of another shape.
    expect(matchWeights(readNet(net, 'weights'), expected, net).weights.size).toBe(expected.length);
  });

  it.each([
    ['lenet5', 'mnist-lenet5'],
    ['resnet20', 'cifar10-resnet20-optA'],
    ['resnet20b', 'cifar10-resnet20-optB'],
  ])('%s answers as PyTorch did', async (name, net) => {
    const graph = buildGraph(await zooModel(name), { training: false });
    const weights = readNet(net, 'weights');
    const expected = parametersOf(graph).map(({ attrs, type }) => ({ name: attrs.name, shape: type.shape }));
    const { input, output } = Object.fromEntries(readNet(net, 'expected').tensors);
    const image = toFloat32(input!).subarray(0, sizeOf(input!.shape.slice(1)));
    const bindings = new Map([['image', image], ...matchWeights(weights, expected, net).weights]);
    const logits = runLoops(graph, bindings)[graph.outputs[0]!.value]!;
    const answers = toFloat32(output!).subarray(0, 10);
    const worst = Math.max(...logits.map((logit, i) => Math.abs(logit - answers[i]!)));
    expect(worst).toBeLessThan(2e-5);
  });

  it('resnet20b moves its running statistics as PyTorch did', async () => {
    const net = 'cifar10-resnet20-optB';
    const { tensors } = readNet(net, 'train_step');
    const { input, labels } = Object.fromEntries(tensors);
    const graph = buildGraph(await zooModel('resnet20b'), { training: true, batch: input!.shape[0] });
    const expected = parametersOf(graph).map(({ attrs, type }) => ({ name: attrs.name, shape: type.shape }));
    const { weights } = matchWeights(readNet(net, 'weights'), expected, net);
    const values = runLoops(
      graph,
      new Map([['image', toFloat32(input!)], ['label', toFloat32(labels!)], ...weights]),
    );
    const after = [...tensors.keys()].filter((key) => key.startsWith('after:'));
    expect(after).toHaveLength(graph.updates.length);
    for (const { target, value } of graph.updates) {
      const node = graph.nodes[target] as Node<'parameter'>;
      const answers = toFloat32(tensors.get(`after:${node.attrs.name}`)!);
      const worst = Math.max(...values[value]!.map((moved, i) => Math.abs(moved - answers[i]!)));
      expect(worst / Math.max(...answers.map(Math.abs)), node.attrs.name).toBeLessThan(1e-5);
    }
  });
});

function readNet(net: string, part: string): SafetensorsFile {
  const file = testdata(`nets/${net}/${part}.safetensors`);
  return readSafetensors(readFileSync(file), file);
}

/** Every value, by its node's plain loops, compiled: the interpreter takes minutes for these nets. */
function runLoops(graph: Graph, bindings: ReadonlyMap<string, Float32Array>): Float32Array[] {
  const values: Float32Array[] = [];
  for (const node of graph.nodes) values.push(runNode(graph, node, values, bindings));
  return values;
}

function runNode(
  graph: Graph,
  node: Node,
  values: readonly Float32Array[],
  bindings: ReadonlyMap<string, Float32Array>,
): Float32Array {
  if (node.op === 'input' || node.op === 'parameter') return bindings.get(node.attrs.name)!;
  if (node.op === 'constant') return Float32Array.from(node.attrs.data);
  const out = new Float32Array(sizeOf(node.type.shape));
  const types = node.inputs.map((input) => graph.nodes[input]!.type);
  compileKernel(referenceKernel(node, types))(...node.inputs.map((input) => values[input]!), out);
  return out;
}
