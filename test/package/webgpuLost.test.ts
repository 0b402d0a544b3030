/** A device that is lost under a model's calls, and how a run of training survives it; and that closing is no loss. */
import { beforeAll, expect, it } from 'vitest';
import { describeOnGpu } from '../support/gpu.ts';
import { classifier } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import {
  dawn,
  expectClose,
  freshDevice,
  load,
  reference,
  refusal,
  wave,
  write,
  type Arrays,
} from '../support/webgpuModels.ts';
import { batch, compileOnGpu, type GpuTrainer, type Load } from '../support/webgpuTrainers.ts';

const LENGTH = 360;

describeOnGpu('calls of a model on WebGPU', () => {
  let folder: string;
  let expected: (inputs: Arrays) => Arrays;
  beforeAll(async () => {
    folder = await write(classifier, 'webgpu');
    expected = await reference(classifier);
  }, COMPILE_TIMEOUT);

  const want = (step: number): Float32Array => expected({ image: wave(LENGTH, step) })['logits']!;

  it('are rejected when the device is lost, which is told', async () => {
    const model = await load(folder);
    const reports: string[] = [];
    model.onLost(({ reason }) => reports.push(reason));
    const pending = refusal(model.forward({ image: wave(LENGTH, 1) }));
    model.device.destroy();
    const message = /^pets\.forward: the GPU device was lost, load the model again/;
    expect(await pending).toMatch(message);
    expect(await refusal(model.forward({ image: wave(LENGTH, 1) }))).toMatch(message);
    expect(reports).toEqual(['destroyed']);
    const again = await load(folder);
    expectClose((await again.forward({ image: wave(LENGTH, 1) }))['logits'], want(1));
  });

  it('are rejected when the model is closed, which is no loss', async () => {
    const model = await load(folder);
    const reports: unknown[] = [];
    model.onLost((loss) => reports.push(loss));
    const pending = refusal(model.forward({ image: wave(LENGTH, 1) }));
    model.close();
    model.close();
    expect(await pending).toBe('pets.forward: the model is closed');
    expect(await refusal(model.forward({ image: wave(LENGTH, 1) }))).toBe(
      'pets.forward: the model is closed',
    );
    await model.device.lost;
    expect(reports).toEqual([]);
  });
});

/** Devices for the trainer's own: `device: undefined` takes away the one that the tests share. */
const OWN = { device: undefined, gpu: dawn };

describeOnGpu('a trainer on WebGPU', () => {
  let loadTrainer: Load;
  beforeAll(async () => {
    loadTrainer = await compileOnGpu({ optimizer: 'adam' });
  }, COMPILE_TIMEOUT);

  async function takeSteps(trainer: GpuTrainer, count: number): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let i = 0; i < count; i++) results.push(await trainer.trainStep(batch));
    return results;
  }

  it('whose device is lost goes on in another one from its last state, bit for bit', async () => {
    const undisturbed = await loadTrainer(OWN);
    const steps = await takeSteps(undisturbed, 6);

    const first = await loadTrainer(OWN);
    const reports: string[] = [];
    first.onLost(({ reason }) => reports.push(reason));
    expect(await takeSteps(first, 3)).toEqual(steps.slice(0, 3));
    const state = await first.saveState();
    await takeSteps(first, 1);
    first.device.destroy();
    expect(await refusal(takeSteps(first, 1))).toMatch(
      /^small\.trainStep: the GPU device was lost, load the model again/,
    );
    expect(reports).toEqual(['destroyed']);
    first.onLost(({ reason }) => reports.push(`${reason}, asked later`));
    await first.device.lost;
    expect(reports).toEqual(['destroyed', 'destroyed, asked later']);

    const second = await loadTrainer({ ...OWN, seed: 1234 });
    expect(second.device).not.toBe(first.device);
    await second.loadState(state);
    expect(await takeSteps(second, 3)).toEqual(steps.slice(3));
    expect(await second.saveState()).toEqual(await undisturbed.saveState());
    expect(reports).toHaveLength(2);
  });

  it('that is closed has lost nothing', async () => {
    const device = await freshDevice();
    for (const options of [OWN, { device }]) {
      const trainer = await loadTrainer(options);
      const reports: unknown[] = [];
      trainer.onLost((loss) => reports.push(loss));
      expect(trainer.device === device).toBe(options !== OWN);
      trainer.close();
      trainer.device.destroy();
      await trainer.device.lost;
      expect(reports).toEqual([]);
    }
  });
});
