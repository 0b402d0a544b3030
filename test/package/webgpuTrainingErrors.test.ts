/** Errors of a trainer on WebGPU: refused arguments, a lost device, and calls while it is closed. */
import { beforeAll, expect, it, vi } from 'vitest';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { freshDevice } from '../support/webgpuModels.ts';
import {
  batch,
  compileBoth,
  image,
  label,
  logitGradient,
  refusal,
  renamed,
  type Arrays,
  type Given,
  type Loads,
  type Trainer,
} from '../support/webgpuTrainers.ts';

describeOnGpu('what a trainer on WebGPU refuses', () => {
  let loads: Loads;
  let weights: Uint8Array;
  let state: Uint8Array;
  let gradients: Arrays;
  beforeAll(async () => {
    loads = await compileBoth({ optimizer: 'sgd' });
    const trainer = await loads.typescript();
    [weights, state] = [await trainer.exportWeights(), await trainer.saveState()];
    await trainer.forward({ image });
    gradients = (await trainer.backward(logitGradient())).parameters;
  }, COMPILE_TIMEOUT);

  const off = { logits: new Float32Array(5) };
  const REFUSED: readonly (readonly [string, (trainer: Trainer) => unknown])[] = [
    ['no inputs', (trainer) => trainer.trainStep(undefined as unknown as Given)],
    ['no labels', (trainer) => trainer.trainStep({ image })],
    ['another name', (trainer) => trainer.trainStep({ image, lable: label })],
    ['a batch of another size', (trainer) => trainer.trainStep({ image: image.subarray(72), label })],
    ['labels of another type', (trainer) => trainer.trainStep({ image, label: Float32Array.from(label) })],
    ['a label that is no class', (trainer) => trainer.trainStep({ image, label: Int32Array.of(0, 3, 1, 1) })],
    ['a wrong image, forward', (trainer) => trainer.forward({ image: new Float32Array(3) })],
    ['a wrong image, predict', (trainer) => trainer.predict({ image: new Float32Array(3) })],
    ['backward without forward', (trainer) => trainer.backward(logitGradient())],
    ['a gradient of another size', (trainer) => trainer.backward(off)],
    ['gradients that are missing', (trainer) => trainer.applyGradients({ 'head.bias': new Float32Array(3) })],
    [
      'a weight file of another net',
      async (trainer) => trainer.loadWeights(renamed(await trainer.exportWeights())),
    ],
    ['weights that are a state', async (trainer) => trainer.loadState(await trainer.exportWeights())],
    ['no weight file', (trainer) => trainer.loadWeights(new Uint8Array(20))],
    [
      'a hyperparameter that is no number',
      (trainer) => {
        trainer.hyperparameters['learningRate'] = NaN;
        return trainer.trainStep(batch);
      },
    ],
  ];

  it.each(REFUSED)('%s: in the words of the other targets, and nothing has run', async (_, call) => {
    const [gpu, other] = [await loads.webgpu(), await loads.typescript()];
    const before = await gpu.exportWeights();
    const words = await refusal(() => call(gpu));
    expect(words).toMatch(/^(small|safetensors)\b/);
    expect(words).toBe(await refusal(() => call(other)));
    expect(gpu.step).toBe(0);
    expect(await gpu.exportWeights()).toEqual(before);
  });

  it('hyperparameters at load that are none', async () => {
    const words = await refusal(() => loads.webgpu({ momentum: NaN }));
    expect(words).toBe(await refusal(() => loads.typescript({ momentum: NaN })));
    expect(words).toContain('momentum must be a finite number of at least 0, got NaN');
  });

  const EVERY: readonly (readonly [string, (trainer: Trainer) => unknown])[] = [
    ['trainStep', (trainer) => trainer.trainStep(batch)],
    ['trainStep', (trainer) => trainer.trainStep(batch, { results: false })],
    ['predict', (trainer) => trainer.predict({ image })],
    ['forward', (trainer) => trainer.forward({ image })],
    ['backward', (trainer) => trainer.backward(logitGradient())],
    ['applyGradients', (trainer) => trainer.applyGradients(gradients)],
    ['exportWeights', (trainer) => trainer.exportWeights()],
    ['loadWeights', (trainer) => trainer.loadWeights(weights)],
    ['saveState', (trainer) => trainer.saveState()],
    ['loadState', (trainer) => trainer.loadState(state)],
  ];

  it.each(EVERY)('%s on a lost device, under way and later', async (name, call) => {
    const device = await freshDevice();
    const trainer = await loads.webgpu({ device });
    const pending = refusal(() => call(trainer));
    await Promise.resolve();
    device.destroy();
    const message = new RegExp(`^small\\.${name}: the GPU device was lost; load the model again`);
    expect(await pending).toMatch(message);
    expect(await refusal(() => call(trainer))).toMatch(message);
  });

  it('numbers for which there is no memory; the next step has them', async () => {
    const trainer = await loads.webgpu();
    const copy = vi.spyOn(ArrayBuffer.prototype, 'slice').mockImplementationOnce(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    const words = await refusal(() => trainer.trainStep(batch));
    copy.mockRestore();
    expect(words).toBe('small.trainStep: the results cannot be read: Array buffer allocation failed');
    expect((await trainer.trainStep(batch))!.loss).toBeGreaterThan(0);
  });

  it.each(EVERY)('%s of a closed trainer, under way and later; the device stays', async (name, call) => {
    const device = await runningDevice();
    const [trainer, other] = [await loads.webgpu({ device }), await loads.webgpu({ device })];
    const pending = refusal(() => call(trainer));
    await Promise.resolve();
    trainer.close();
    trainer.close();
    expect(await pending).toBe(`small.${name}: the model is closed`);
    expect(await refusal(() => call(trainer))).toBe(`small.${name}: the model is closed`);
    expect((await other.trainStep(batch))!.loss).toBeGreaterThan(0);
  });
});
