/** Nets that have more outputs in training than in use, as GoogLeNet's auxiliary classifiers. */
import { afterAll, expect, it } from 'vitest';
import { defineModel, type Tensor } from 'cnnc';
import { buildGraph, compile } from '../../compiler/index.ts';
import { initializeParameters } from '../../compiler/frontend/initialize.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import { serializeSafetensors } from '../../runtime/weights.ts';
import { createWorkplace } from '../oracle/trainer.ts';

const workplace = createWorkplace();
afterAll(() => workplace.remove());

const model = defineModel({
  name: 'heads',
  inputs: { image: [2, 1, 6, 6] },
  build(net, { image }) {
    const x = net.relu(net.conv2d('conv', image, { channels: 3, kernel: 3 }));
    const logits = net.linear('head', net.flatten(x), { features: 2 });
    const outputs: Record<string, Tensor> = { logits };
    if (!net.training) return outputs;
    return { ...outputs, aux: net.linear('aux', net.flatten(net.globalAveragePool(x)), { features: 2 }) };
  },
  targets: { label: { dtype: 'i32', shape: [2] } },
  loss: (net, { logits, aux }, { label }) =>
    net.add(net.crossEntropy(logits!, label), net.crossEntropy(aux!, label)),
});

/** Weights of the net as it trains: a file of torchvision's holds the auxiliary heads as well. */
function trainingWeights(): Uint8Array {
  const graph = buildGraph(model, { training: true });
  const values = initializeParameters(graph, 1);
  return serializeSafetensors(
    parametersOf(graph).map((one) => ({ ...one, data: values.get(one.name)! })),
    {},
  );
}

const image = Float32Array.from({ length: 72 }, (_, i) => Math.sin(i * i));
const label = Int32Array.of(0, 1);

it('are trained, and their gradients are asked for by name', async () => {
  const { load } = await workplace.compile(model, { training: { optimizer: 'sgd' } });
  const trainer = await load(trainingWeights(), { learningRate: 0.1 });
  const before = trainer.exportWeights();
  const losses = [1, 2, 3, 4, 5].map(() => trainer.trainStep({ image, label }).loss);
  expect(losses[4]).toBeLessThan(losses[0]!);
  expect(trainer.exportWeights()).not.toEqual(before);
  const outputs = trainer.forward({ image });
  expect(Object.keys(outputs)).toEqual(['logits', 'aux']);
  expect(Object.keys(trainer.predict({ image }))).toEqual(['logits']);
  const zero = new Float32Array(4);
  expect(() => trainer.backward({ logits: zero })).toThrow('gradient `aux` is missing');
  const none = trainer.backward({ logits: zero, aux: zero }).parameters;
  expect(none['aux.weight']!.every((value) => value === 0)).toBe(true);
}, 60_000);

it('are more outputs, never others', async () => {
  const other = defineModel({
    name: 'other',
    inputs: { image: [1, 1, 2, 2] },
    build: (net, { image }): Record<string, Tensor> =>
      net.training ? { a: net.flatten(image) } : { b: net.flatten(image) },
    loss: (net, { a }) => net.mseLoss(a!, a!),
  });
  await expect(compile(other, { training: {} })).rejects.toThrow(
    /^model at other.*: in training, build does not return the output b\n {2}it returns a;/,
  );
});

it('do not stand in the way of inference', async () => {
  const { left, parameters } = await compile(model, { weights: trainingWeights() });
  expect(left).toEqual([]);
  expect(parameters).toBe(30 + 98);
}, 60_000);
