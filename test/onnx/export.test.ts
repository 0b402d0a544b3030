/** What `exportOnnx` writes: names, bytes, what it refuses; and small nets that come back as they were. */
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel, exportOnnx, type Model } from '../../compiler/index.ts';
import { readOnnxModel } from '../../compiler/importers/onnx/readModel.ts';
import { OPSET } from '../../compiler/exporters/onnx/exportGraph.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import { stateDictBytes } from '../support/checkpointBytes.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { randomInputs } from '../support/packages.ts';
import { randomWeights } from '../support/weights.ts';
import { bindingsOf, importBytes } from './support.ts';

/** Constants and attributes of ONNX are f32; folding multiplies weights, which are rounded once more. */
const TOLERANCE = 2e-6;

const residual = defineModel({
  name: 'residual',
  inputs: { image: [2, 3, 8, 8] },
  build(net, { image }) {
    const x = net.relu(
      net.batchNorm('bn1', net.conv2d('conv1', image, { channels: 4, kernel: 3, padding: 1, bias: false })),
    );
    const y = net.batchNorm(
      'layer.bn',
      net.conv2d('layer.conv', x, { channels: 4, kernel: 3, padding: 1, bias: false }),
    );
    const sum = net.relu(net.add(x, y));
    return {
      logits: net.linear('fc', net.flatten(net.globalAveragePool(sum)), { features: 5 }),
      features: sum,
    };
  },
});

const shapes = defineModel({
  name: 'shapes',
  inputs: { image: [1, 4, 9, 7] },
  build(net, { image }) {
    const grouped = net.conv2d('grouped', image, {
      channels: 8,
      kernel: 3,
      groups: 4,
      dilation: 2,
      padding: 2,
      stride: 2,
    });
    const up = net.convTranspose2d('up', net.leakyRelu(grouped, { slope: 0.2 }), {
      channels: 6,
      kernel: 4,
      stride: 2,
      padding: 1,
      groups: 2,
    });
    const padded = net.pad(net.instanceNorm('norm', up), {
      before: [0, 0, 1, 1],
      after: [0, 0, 2, 1],
      mode: 'reflect',
    });
    const pooled = net.maxPool(padded, { kernel: 3, stride: 2, ceilMode: true });
    const averaged = net.averagePool(net.groupNorm('group', pooled, { groups: 3 }), {
      kernel: 3,
      stride: 2,
      padding: 1,
    });
    return { picture: net.resize(averaged, { scale: 2, mode: 'bilinear' }) };
  },
});

const weightsOf = (model: Model) => randomWeights(parametersOf(buildGraph(model, { training: false })));

/** The model's random weights as a checkpoint of PyTorch. */
function checkpointOf(model: Model): Uint8Array {
  const weights = weightsOf(model);
  const expected = parametersOf(buildGraph(model, { training: false }));
  return stateDictBytes(expected.map(({ name, shape }) => ({ name, shape, data: weights.get(name)! })));
}

const readBack = (bytes: Uint8Array) => readOnnxModel(bytes, 'exported');

describe('exportOnnx', () => {
  it('keeps the names of inputs, outputs and weights', async () => {
    const { graph, opsets, producer } = readBack(await exportOnnx(residual));
    expect([producer, opsets.get('')]).toEqual(['cnnc', OPSET]);
    expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([['image', [2, 3, 8, 8]]]);
    expect(graph.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['logits', [2, 5]],
      ['features', [2, 4, 8, 8]],
    ]);
    const parameters = [...weightsOf(residual).keys()];
    const initializers = graph.initializers.map(({ name }) => name);
    expect(initializers.filter((name) => parameters.includes(name))).toEqual(parameters);
    expect(graph.nodes.map(({ op, name }) => `${op} ${name}`)).toEqual([
      'Conv conv1',
      'BatchNormalization bn1',
      'Relu relu',
      'Conv layer.conv',
      'BatchNormalization layer.bn',
      'Add add',
      'Relu relu2',
      'GlobalAveragePool globalAveragePool',
      'Flatten flatten',
      'Gemm fc',
    ]);
  });

  it('folds batch norms into the weights, whose names stay', async () => {
    const { graph } = readBack(await exportOnnx(residual, { folded: true }));
    expect(graph.nodes.map(({ op }) => op)).toEqual(
      'Conv Relu Conv Add Relu GlobalAveragePool Flatten Gemm'.split(' '),
    );
    expect(graph.initializers.map(({ name }) => name).sort()).toEqual([
      'conv1.bias',
      'conv1.weight',
      'fc.bias',
      'fc.weight',
      'layer.conv.bias',
      'layer.conv.weight',
    ]);
  });

  it('writes the same bytes every time, other shapes where they are asked for', async () => {
    const bytes = await exportOnnx(residual, { seed: 3 });
    expect(await exportOnnx(residual, { seed: 3 })).toEqual(bytes);
    expect(await exportOnnx(residual, { seed: 4 })).not.toEqual(bytes);
    const wide = readBack(await exportOnnx(residual, { batch: 5, inputs: { image: [5, 3, 10, 12] } }));
    expect(wide.graph.inputs[0]!.shape).toEqual([5, 3, 10, 12]);
    expect(wide.graph.outputs[1]!.shape).toEqual([5, 4, 10, 12]);
  });

  it('copies outputs that are inputs, weights or other outputs', async () => {
    const model = defineModel({
      name: 'copies',
      inputs: { x: [1, 3] },
      build(net, { x }) {
        const y = net.relu(x);
        return { same: x, first: y, second: y };
      },
    });
    const { graph } = readBack(await exportOnnx(model));
    expect(graph.nodes.map(({ op, inputs, outputs }) => [op, ...inputs, ...outputs])).toEqual([
      ['Relu', 'x', 'first'],
      ['Identity', 'x', 'same'],
      ['Identity', 'first', 'second'],
    ]);
  });

  it('lists everything that it cannot export', async () => {
    const model = defineModel({
      name: 'losses',
      inputs: { x: [1, 3], y: [1, 3] },
      build: (net, { x, y }) => ({ a: net.mseLoss(x, y), b: net.mseLoss(y, x), c: net.l1Loss(x, y) }),
    });
    await expect(exportOnnx(model)).rejects.toThrow(
      /^onnx at losses: 2 operations of the model cannot be exported\n {2}mseLoss, 2 times: .+\n {2}l1Loss, 1 time: /,
    );
  });

  it('refuses what is no model, unknown options, and weights that do not fit', async () => {
    await expect(exportOnnx({} as never)).rejects.toThrow(/^exportOnnx: the model is an empty object/);
    await expect(exportOnnx(residual, { fold: true } as never)).rejects.toThrow(
      'exportOnnx: unknown option fold, did you mean folded?',
    );
    await expect(exportOnnx(residual, { weights: checkpointOf(shapes) })).rejects.toThrow(
      /^weights \(weights\): the file does not fit the \d+ weights of the model/,
    );
  });
});

describe('exported and imported again', () => {
  it.each(
    [residual, shapes].flatMap((model) =>
      [false, true].map((folded) => [model.name, folded, model] as const),
    ),
  )('%s, folded: %s', async (name, folded, model) => {
    const bytes = await exportOnnx(model, { weights: checkpointOf(model), folded });
    const translated = importBytes(bytes, { name });
    const inputs = randomInputs(model);
    const expected = evaluateGraph(buildGraph(model, { training: false }), {
      ...Object.fromEntries(weightsOf(model)),
      ...inputs,
    }).outputs;
    const actual = evaluateGraph(buildGraph(translated.model, { training: false }), {
      ...bindingsOf(translated, []),
      ...inputs,
    }).outputs;
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const output of Object.keys(expected))
      expect(maxRelativeError(actual[output]!, expected[output]!)).toBeLessThan(TOLERANCE);
  });
});
