/**
 * The trainer's API on WebGPU: the TypeScript target's numbers from the same weights, states that go on bit for bit, and
 * calls in the order in which they are made.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { targetNames } from '../../compiler/targets/index.ts';
import { parseSafetensors } from '../../runtime/weights.ts';
import { createFolders } from '../support/folders.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { installDawn, runNodeOnGpu } from '../support/gpuPackages.ts';
import { trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import {
  batch,
  BATCH,
  compileBoth,
  image,
  logitGradient,
  onBoth,
  renamed,
  type Arrays,
  type Given,
  type Loads,
  type Trainer,
} from '../support/webgpuTrainers.ts';

const newFolder = createFolders();

/** Tolerance after a few steps, relative to the largest number: f32 sums in another order, where the TypeScript target adds doubles. */
const TOLERANCE = 2e-5;

function expectClose(actual: Float32Array | undefined, expected: Float32Array, what: string): void {
  const largest = Math.max(...expected.map(Math.abs), 1e-3);
  const error = Math.max(...expected.map((value, i) => Math.abs(value - actual![i]!)));
  expect(actual!.length, what).toBe(expected.length);
  expect(error / largest, what).toBeLessThan(TOLERANCE);
}

function expectAllClose(actual: Arrays, expected: Arrays): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, numbers] of Object.entries(expected)) expectClose(actual[name], numbers, name);
}

describeOnGpu('a trainer on WebGPU', () => {
  describe.each([
    ['SGD', { optimizer: 'sgd' }, BATCH],
    ['Adam with clipping', { optimizer: 'adam', clip: true }, BATCH],
    ['Nesterov in micro-batches', { optimizer: 'nesterov', microBatches: 2 }, BATCH / 2],
    ['RMSProp of the head', { optimizer: 'rmsprop', train: 'head' }, BATCH],
  ] as const)('with %s', (_, training, part) => {
    let loads: Loads;
    beforeAll(async () => {
      loads = await compileBoth(training);
    }, COMPILE_TIMEOUT);

    it("takes the TypeScript target's steps, dropout and statistics included", async () => {
      const [actual, expected] = await onBoth(loads, async (trainer) => {
        const found: Record<string, Float32Array> = { before: (await trainer.predict({ image }))['logits']! };
        found['before'] = found['before']!.slice();
        for (let i = 0; i < 4; i++) {
          const { loss, logits } = (await trainer.trainStep(batch))!;
          found[`step ${i}`] = Float32Array.of(loss, ...logits);
        }
        found['after'] = (await trainer.predict({ image }))['logits']!.slice();
        expect(trainer.step).toBe(4);
        return { ...found, ...tensorsOf(await trainer.exportWeights()) };
      });
      expect(actual['after']).not.toEqual(actual['before']);
      expectAllClose(actual, expected);
    });

    it('gives its halves', async () => {
      const [actual, expected] = await onBoth(loads, async (trainer) => {
        await trainer.trainStep(batch);
        const { logits } = await trainer.forward({ image: image.subarray(0, part * 72) });
        const found: Record<string, Float32Array> = { logits: logits!.slice() };
        const { inputs, parameters } = await trainer.backward(logitGradient(part));
        for (const [name, numbers] of Object.entries({ ...inputs, ...parameters }))
          found[name] = numbers.slice();
        await trainer.applyGradients(parameters);
        return { ...found, ...suffixed(tensorsOf(await trainer.exportWeights()), 'after') };
      });
      expectAllClose(actual, expected);
    });
  });
});

describeOnGpu('a trainer on WebGPU', () => {
  let loads: Loads;
  let device: GPUDevice;
  beforeAll(async () => {
    loads = await compileBoth({ optimizer: 'sgd' });
    device = await runningDevice();
  }, COMPILE_TIMEOUT);

  const load = (options: Given = {}): Promise<Trainer> => loads.webgpu(options);

  it('is a model for inference where no training is asked for', async () => {
    const [trained, other] = [await load(), await loads.typescript()];
    await trained.trainStep(batch);
    const weights = await trained.exportWeights();
    const model = await load({ training: undefined, weights });
    const predicted = await trained.predict({ image });
    expect(model).not.toHaveProperty('trainStep');
    expect(await model.forward({ image })).toEqual(predicted);
    await other.loadWeights(weights);
    expectAllClose(predicted, await other.predict({ image }));
  });

  it('applies gradients that others have averaged', async () => {
    const [actual, expected] = await onBoth(loads, async (one) => {
      const gradients: Arrays[] = [];
      for (const images of [image, image.toReversed()]) {
        await one.forward({ image: images });
        gradients.push(copyOf((await one.backward(logitGradient())).parameters));
      }
      const [a, b] = gradients as [Arrays, Arrays];
      const means = Object.entries(a).map(([name, numbers]) => [
        name,
        numbers.map((value, i) => (value + b[name]![i]!) / 2),
      ]);
      await one.applyGradients(Object.fromEntries(means) as Arrays);
      return { ...tensorsOf(await one.exportWeights()), ...(await one.predict({ image })) };
    });
    expectAllClose(actual, expected);
  });

  it('goes on from a state bit for bit, on the same device', async () => {
    const one = await load();
    for (let i = 0; i < 3; i++) await one.trainStep(batch);
    const state = await one.saveState();
    const other = await load({ seed: 99, learningRate: 0.5 });
    await other.loadState(state);
    expect([other.step, other.hyperparameters['learningRate']]).toEqual([3, 0.02]);
    for (let i = 0; i < 3; i++) expect(await other.trainStep(batch)).toEqual(await one.trainStep(batch));
    expect(await other.saveState()).toEqual(await one.saveState());
    expect(await other.predict({ image })).toEqual(await one.predict({ image }));
  });

  it('goes on from the state of another target, and hands its own on', async () => {
    const [here, there] = [await load(), await loads.typescript()];
    await there.trainStep(batch);
    await here.loadState(await there.saveState());
    const losses = [await here.trainStep(batch), await there.trainStep(batch)].map((result) => result!.loss);
    expect(losses[0]).toBeCloseTo(losses[1]!, 5);
    await there.loadState(await here.saveState());
    expect(await there.exportWeights()).toEqual(await here.exportWeights());
    expect(there.step).toBe(2);
  });

  it('takes weights, all or what fits, and keeps the rest', async () => {
    const [one, other] = [await load(), await load({ seed: 8 })];
    for (const trainer of [one, other]) await trainer.trainStep(batch);
    await one.trainStep(batch);
    const weights = await one.exportWeights();
    expect(await other.loadWeights(weights)).toEqual([]);
    expect(await other.exportWeights()).toEqual(weights);
    expect(await other.predict({ image })).toEqual(await one.predict({ image }));
    await one.trainStep(batch);
    const before = tensorsOf(await one.exportWeights());
    const left = await one.loadWeights(renamed(weights), { partial: true });
    expect(left.map(({ name }) => name)).toEqual(['head.bias', 'tail.bias']);
    const after = tensorsOf(await one.exportWeights());
    expect(after).toEqual({ ...tensorsOf(weights), 'head.bias': before['head.bias'] });
  });

  it('without results takes the same steps, and reads nothing back', async () => {
    const [quiet, other] = [await load(), await load()];
    const mapped = vi.spyOn(GPUBuffer.prototype, 'mapAsync');
    for (let i = 0; i < 3; i++) expect(await quiet.trainStep(batch, { results: false })).toBeUndefined();
    expect(mapped).not.toHaveBeenCalled();
    for (let i = 0; i < 3; i++) await other.trainStep(batch);
    expect(mapped).toHaveBeenCalledTimes(3);
    mapped.mockRestore();
    expect(await quiet.saveState()).toEqual(await other.saveState());
  });

  it('creates nothing for a step', async () => {
    const trainer = await load();
    await trainer.trainStep(batch);
    const made = (['createBuffer', 'createBindGroup', 'createComputePipelineAsync'] as const).map((name) =>
      vi.spyOn(device, name),
    );
    for (let i = 0; i < 3; i++) await trainer.trainStep(batch);
    for (const one of made) {
      expect(one).not.toHaveBeenCalled();
      one.mockRestore();
    }
  });

  it('runs calls in the order in which they are made, and one that is refused harms no other', async () => {
    const [patient, hasty] = [await load(), await load()];
    const expected: unknown[] = [];
    for (const call of CALLS) expected.push(await call(patient).catch((error: Error) => error.message));
    const promises = CALLS.map((call) => call(hasty).catch((error: Error) => error.message));
    expect(hasty.step).toBe(0);
    expect(await Promise.all(promises)).toEqual(expected);
    expect(expected.filter((one) => typeof one === 'string')).toEqual([
      expect.stringContaining('small.trainStep: input `label` is missing'),
      expect.stringContaining('small.backward: call forward first'),
    ]);
  });

  it('reports the progress of compiling', async () => {
    const steps: [number, number][] = [];
    await load({ onProgress: (done: number, total: number) => steps.push([done, total]) });
    const [last] = steps.slice(-1);
    expect(steps.map(([done]) => done)).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1));
    expect(last).toEqual([steps.length, steps.length]);
  });
});

/** Each waits for nothing but its own turn. */
const CALLS: readonly ((trainer: Trainer) => Promise<unknown>)[] = [
  async (trainer) => trainer.trainStep(batch),
  async (trainer) => trainer.trainStep(batch, { results: false }),
  async (trainer) => trainer.predict({ image }),
  async (trainer) => trainer.trainStep({ image }),
  async (trainer) => trainer.backward(logitGradient()),
  async (trainer) => trainer.forward({ image }),
  async (trainer) => trainer.trainStep(batch),
  async (trainer) => trainer.backward(logitGradient()),
  async (trainer) => trainer.exportWeights(),
  async (trainer) => trainer.predict({ image }),
  async (trainer) => trainer.saveState(),
];

describeOnGpu('a package with WebGPU among the targets that it trains on', () => {
  it(
    'trains there when it is asked to, and goes on from what another target has learned',
    async () => {
      const folder = newFolder();
      installDawn(folder);
      const settings = { targets: targetNames, training: { optimizer: 'adam' } } as const;
      writePackage(join(folder, 'package'), await compilePackage(trainable, 'model.ts', settings));
      const program = `
        import { info, load } from './package/index.js';
        const image = Float32Array.from({ length: 432 }, (_, i) => Math.sin(i * i));
        const label = Int32Array.of(0, 1, 2, 1);
        const losses = {};
        const targets = [];
        for (const target of [undefined, ...info.targets]) {
          const trainer = await load({ training: true, target, learningRate: 0.01 });
          targets.push(trainer.info.target);
          losses[target ?? 'chosen'] = [];
          for (let i = 0; i < 3; i++) losses[target ?? 'chosen'].push((await trainer.trainStep({ image, label })).loss);
        }
        const wasm = await load({ training: true, target: 'wasm', learningRate: 0.01 });
        const gpu = await load({ training: true, target: 'webgpu', seed: 4 });
        losses.handedOver = [wasm.trainStep({ image, label }).loss];
        await gpu.loadState(wasm.saveState());
        for (let i = 0; i < 2; i++) losses.handedOver.push((await gpu.trainStep({ image, label })).loss);
        console.log(JSON.stringify({ losses, targets }));
      `;
      writeFileSync(join(folder, 'main.mjs'), program);
      const { losses, targets } = JSON.parse(runNodeOnGpu(folder, 'main.mjs')) as {
        losses: Record<string, number[]>;
        targets: string[];
      };
      expect(targets).toEqual(['wasm', 'wasm', 'typescript', 'webgpu']);
      expect(Object.keys(losses)).toEqual(['chosen', 'wasm', 'typescript', 'webgpu', 'handedOver']);
      expect(losses['chosen']).toEqual(losses['wasm']);
      for (const [name, numbers] of Object.entries(losses))
        numbers.forEach((loss, i) => expect(loss, name).toBeCloseTo(losses['typescript']![i]!, 4));
    },
    COMPILE_TIMEOUT,
  );
});

const copyOf = (arrays: Arrays): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, numbers]) => [name, numbers.slice()]));

const suffixed = (arrays: Arrays, suffix: string): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, numbers]) => [`${name} ${suffix}`, numbers]));

/** Tensors of a weight file. */
function tensorsOf(bytes: Uint8Array): Arrays {
  const tensors = parseSafetensors(bytes);
  return Object.fromEntries([...tensors].map(([name, { data }]) => [name, Float32Array.from(data)]));
}
