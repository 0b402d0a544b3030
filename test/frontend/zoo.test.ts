/**
 * The architectures of the zoo have published figures and the names of published weight files; the exercises of
 * lectures have their answers.
 */
import { describe, expect, it } from 'vitest';
import { buildGraph, type Graph } from 'cnnc';
import { nodeOf, sizeOf, type Node, type OpName } from '../../compiler/ir/types.ts';
import { nodeCost } from '../../compiler/ops/cost.ts';
import { zooModel } from '../support/models.ts';
import { MULTIPLY_ADDS, ZOO } from '../support/zoo.ts';

const graphOf = async (name: string): Promise<Graph> => buildGraph(await zooModel(name), { training: false });

const parametersOf = (graph: Graph): Node<'parameter'>[] =>
  graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');

const learnedCount = (graph: Graph): number =>
  parametersOf(graph)
    .filter(({ attrs }) => attrs.role === 'weight')
    .reduce((sum, { type }) => sum + sizeOf(type.shape), 0);

/** What the published counts are of. */
const COUNTED: readonly OpName[] = ['conv2d', 'linear', 'matmul'];

function multiplyAdds(graph: Graph): number {
  const counted = graph.nodes.filter(({ op }) => COUNTED.includes(op));
  const costs = counted.map((node) =>
    nodeCost(
      node,
      node.inputs.map((input) => nodeOf(graph, input).type),
    ),
  );
  return costs.reduce((sum, cost) => sum + cost.multiplyAdds, 0);
}

const shapesOf = (graph: Graph, op: OpName): string[] =>
  graph.nodes.filter((node) => node.op === op).map(({ type }) => type.shape.slice(1).join('x'));

describe('published figures', () => {
  it.each(Object.entries(ZOO))('%s', async (name, { parameters, output }) => {
    const architecture = await zooModel(name);
    expect(architecture.name).toBe(name);
    const graph = buildGraph(architecture, { training: false });
    expect(learnedCount(graph)).toBe(parameters);
    const first = graph.outputs[0]!;
    expect({ name: first.name, shape: nodeOf(graph, first.value).type.shape }).toEqual(
      output ?? { name: 'logits', shape: [1, architecture.labels?.length ?? 1000] },
    );
  });

  const counts = [
    ...Object.entries(MULTIPLY_ADDS),
    ...Object.entries(ZOO).flatMap(([name, { multiplyAdds: count }]) =>
      count ? [[name, count] as const] : [],
    ),
  ];
  it.each(counts)('%s has %d million multiply-adds', async (name, millions) => {
    const found = multiplyAdds(await graphOf(name)) / 1e6;
    expect(Math.abs(found - millions) / millions).toBeLessThan(0.01);
  });

  it('torchvision counts the auxiliary heads that only training has', async () => {
    // A batch of two: after Inception's last auxiliary convolution a channel is one number.
    const inception = buildGraph(await zooModel('inceptionv3'), { training: true, batch: 2 });
    const fcn = buildGraph(await zooModel('fcn_resnet50'), { training: true });
    expect(learnedCount(inception)).toBe(27_161_264);
    expect(inception.outputs.map(({ name }) => name)).toEqual(['logits', 'aux', 'loss']);
    expect(learnedCount(fcn)).toBe(35_322_218);
    expect(multiplyAdds(fcn) / 152.717e9).toBeCloseTo(1, 3);
  });
});

/** Keys of the state dicts that the nets' headers name: the first, the odd ones and the last. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  alexnet: ['features.0.weight', 'features.10.bias', 'classifier.1.weight', 'classifier.6.bias'],
  vgg16c: ['features.0.weight', 'features.14.weight', 'features.28.bias', 'classifier.6.weight'],
  nin: ['classifier.0.weight', 'classifier.12.bias', 'classifier.20.weight'],
  inceptionv3: [
    'Conv2d_1a_3x3.conv.weight',
    'Mixed_5b.branch3x3dbl_3.bn.running_var',
    'Mixed_6a.branch3x3.conv.weight',
    'Mixed_6e.branch7x7dbl_5.conv.weight',
    'Mixed_7a.branch7x7x3_4.conv.weight',
    'Mixed_7c.branch3x3dbl_3b.conv.weight',
    'Mixed_7c.branch_pool.bn.bias',
    'fc.weight',
  ],
  resnext50_32x4d: ['conv1.weight', 'layer1.0.downsample.0.weight', 'layer4.2.conv2.weight', 'fc.bias'],
  wrn28_10: [
    'conv1.weight',
    'block1.layer.0.convShortcut.weight',
    'block3.layer.3.bn2.weight',
    'bn1.bias',
    'fc.weight',
  ],
  mobilenetv3_large: [
    'features.0.0.weight',
    'features.1.block.1.0.weight',
    'features.4.block.2.fc1.bias',
    'features.4.block.3.1.running_mean',
    'features.16.0.weight',
    'classifier.3.bias',
  ],
  shufflenetv2: [
    'conv1.0.weight',
    'stage2.0.branch1.2.weight',
    'stage2.0.branch2.6.bias',
    'stage4.3.branch2.5.weight',
    'conv5.1.running_var',
    'fc.weight',
  ],
  efficientnetb0: [
    'features.0.1.weight',
    'features.1.0.block.1.fc1.weight',
    'features.2.0.block.2.fc2.bias',
    'features.7.0.block.3.1.bias',
    'features.8.0.weight',
    'classifier.1.bias',
  ],
  convnext_tiny: [
    'features.0.0.weight',
    'features.0.1.bias',
    'features.1.0.layer_scale',
    'features.1.0.block.0.weight',
    'features.1.0.block.2.weight',
    'features.2.1.weight',
    'features.7.2.block.5.bias',
    'classifier.0.weight',
    'classifier.2.bias',
  ],
  vit_b_16: [
    'class_token',
    'conv_proj.weight',
    'encoder.pos_embedding',
    'encoder.layers.encoder_layer_0.ln_1.weight',
    'encoder.layers.encoder_layer_0.self_attention.in_proj_weight',
    'encoder.layers.encoder_layer_11.self_attention.in_proj_bias',
    'encoder.layers.encoder_layer_11.self_attention.out_proj.bias',
    'encoder.layers.encoder_layer_11.mlp.3.weight',
    'encoder.ln.bias',
    'heads.head.weight',
  ],
  vit_tiny_patch16: [
    'cls_token',
    'pos_embed',
    'patch_embed.proj.weight',
    'blocks.0.norm1.weight',
    'blocks.11.attn.qkv.bias',
    'blocks.11.attn.proj.weight',
    'blocks.11.mlp.fc2.bias',
    'norm.weight',
    'head.weight',
  ],
  fcn_resnet50: [
    'backbone.conv1.weight',
    'backbone.layer4.0.downsample.1.bias',
    'backbone.layer4.2.bn3.running_mean',
    'classifier.0.weight',
    'classifier.4.bias',
  ],
  styletransfer: [
    'conv1.conv2d.weight',
    'in1.bias',
    'res5.conv2.conv2d.bias',
    'res5.in2.weight',
    'deconv1.conv2d.weight',
    'in5.weight',
    'deconv3.conv2d.bias',
  ],
};

describe('names in weight files', () => {
  it.each(Object.entries(NAMES))('%s', async (name, expected) => {
    const names = parametersOf(await graphOf(name)).map(({ attrs }) => attrs.name);
    expect(names).toEqual(expect.arrayContaining([...expected]));
  });

  it('the visualizer takes the weights of ZFNet', async () => {
    const of = async (name: string) =>
      parametersOf(await graphOf(name)).map(({ attrs, type }) => `${attrs.name} ${type.shape.join('x')}`);
    const all = await of('zfnet');
    const taken = await of('zfnetdeconv');
    expect(taken).toHaveLength(10);
    expect(all).toEqual(expect.arrayContaining(taken));
  });
});

describe("the lectures' exercises", () => {
  it('AlexNet: 227x227 becomes 55, 27, 13 and 6', async () => {
    const graph = await graphOf('alexnet2012');
    expect(shapesOf(graph, 'conv2d')).toEqual([
      '96x55x55',
      '256x27x27',
      '384x13x13',
      '384x13x13',
      '256x13x13',
    ]);
    expect(shapesOf(graph, 'maxPool')).toEqual(['96x27x27', '256x13x13', '256x6x6']);
    const first = parametersOf(graph).slice(0, 2);
    // 11 * 11 * 3 * 96 and a bias for each map.
    expect(first.reduce((sum, { type }) => sum + sizeOf(type.shape), 0)).toBe(34_944);
  });

  it('ZFNet: figure 3', async () => {
    const graph = await graphOf('zfnet');
    expect(shapesOf(graph, 'conv2d')).toEqual([
      '96x110x110',
      '256x26x26',
      '384x13x13',
      '384x13x13',
      '256x13x13',
    ]);
    expect(shapesOf(graph, 'maxPool')).toEqual(['96x55x55', '256x13x13', '256x6x6']);
  });

  it('VGG-16: most memory in front, most weights at the end', async () => {
    const graph = await graphOf('vgg16');
    const maps = graph.nodes.filter(({ op }) => ['input', 'conv2d', 'maxPool', 'linear'].includes(op));
    const sizes = maps.map(({ type }) => sizeOf(type.shape));
    expect(sizes.slice(0, 4)).toEqual([150_528, 3_211_264, 3_211_264, 802_816]);
    // 15.2 million numbers, 61 MB in f32, for one picture on its way forward.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(15_237_608);
    const fc6 = parametersOf(graph).find(({ attrs }) => attrs.name === 'classifier.0.weight')!;
    expect(sizeOf(fc6.type.shape)).toBe(102_760_448);
  });

  it('shared weights: a locally connected LeNet computes as much and has seven times the weights', async () => {
    const [shared, local] = [await graphOf('lenet5'), await graphOf('locallyconnected')];
    expect(shapesOf(local, 'locallyConnected2d')).toEqual(shapesOf(shared, 'conv2d'));
    expect(Math.round(learnedCount(local) / learnedCount(shared))).toBe(7);
  });

  it('U-Net: 572x572 becomes 388x388, and other sizes fit', async () => {
    const sizes = { image: [1, 1, 188, 188] };
    const graph = buildGraph(await zooModel('unet'), { training: false, inputs: sizes });
    expect(nodeOf(graph, graph.outputs[0]!.value).type.shape).toEqual([1, 2, 4, 4]);
  });
});
