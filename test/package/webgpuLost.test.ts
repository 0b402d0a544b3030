/**
 * A device that is lost: under calls, while a package is being loaded, and how a run of training survives it; and that
 * closing is no loss.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
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

  it('are rejected when the device is lost, and the loss is reported', async () => {
    const model = await load(folder);
    const reports: string[] = [];
    model.onLost(({ reason }) => reports.push(reason));
    const pending = refusal(model.forward({ image: wave(LENGTH, 1) }));
    model.device.destroy();
    const message = /^pets\.forward: the GPU device was lost; load the model again/;
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
      /^small\.trainStep: the GPU device was lost; load the model again/,
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

describeOnGpu('a loss that is reported late', () => {
  let loadModel = load.bind(undefined, '');
  let loadTrainer: Load;
  beforeAll(async () => {
    loadModel = load.bind(undefined, await write(classifier, 'webgpu'));
    loadTrainer = await compileOnGpu({ optimizer: 'sgd' });
  }, COMPILE_TIMEOUT);

  const MODEL = /^pets\.forward: the GPU device was lost/;

  it('is what a call of a model fails with, made before it or after it', async () => {
    const device = tellingLate(await freshDevice());
    const model = await loadModel({ device });
    const calls = [model.forward({ image: wave(LENGTH, 1) }), model.forward({ image: wave(LENGTH, 2) })];
    device.destroy();
    calls.push(model.forward({ image: wave(LENGTH, 1) }));
    for (const words of await Promise.all(calls.map(refusal))) expect(words).toMatch(MODEL);
  });

  it.each<[string, (trainer: GpuTrainer) => unknown]>([
    ['trainStep', (trainer) => trainer.trainStep(batch)],
    ['predict', (trainer) => trainer.predict({ image: batch.image })],
    ['forward', (trainer) => trainer.forward({ image: batch.image })],
    ['saveState', (trainer) => trainer.saveState()],
  ])('is what %s of a trainer fails with, made before it or after it', async (name, call) => {
    const device = tellingLate(await freshDevice());
    const trainer = await loadTrainer({ device });
    const before = refusal(Promise.resolve(call(trainer)));
    await Promise.resolve();
    device.destroy();
    const behind = refusal(Promise.resolve(call(trainer)));
    const message = new RegExp(`^small\\.${name}: the GPU device was lost`);
    for (const words of [await before, await behind]) expect(words).toMatch(message);
  });
});

describeOnGpu('a loss while a package is loaded is reported', () => {
  let loads: Readonly<Record<string, Load<unknown>>>;
  beforeAll(async () => {
    const folder = await write(classifier, 'webgpu');
    const loadTrainer = await compileOnGpu({ optimizer: 'sgd', microBatches: 2 });
    loads = {
      model: (options) => load(folder, options),
      trainer: (options) => loadTrainer(options),
      'model of a package that trains': (options) => loadTrainer({ training: undefined, ...options }),
    };
  }, COMPILE_TIMEOUT);

  const LOST = /^(pets|small)\.load: the GPU device was lost; load the model again/;
  const EVERY = [
    'createBuffer',
    'createShaderModule',
    'createComputePipelineAsync',
    'createBindGroup',
  ] as const;

  describe.each([
    ['model', EVERY],
    ['trainer', ['createComputePipelineAsync']],
    ['model of a package that trains', ['createComputePipelineAsync']],
  ] as const)('of a %s', (what, methods) => {
    it('that has begun on a lost device', async () => {
      const device = await freshDevice();
      device.destroy();
      expect(await refusal(loads[what]!({ device }))).toMatch(LOST);
    });

    it.each([...methods, 'popErrorScope'] as const)('at the first and at the last %s', async (method) => {
      const counted = counting(await freshDevice(), method);
      await loads[what]!({ device: counted.device });
      expect(counted.calls()).toBeGreaterThan(1);
      // What comes after the last buffer does not wait for the GPU: that is the first call's loss.
      const moments = method === 'createBuffer' ? [1] : [1, counted.calls()];
      for (const at of moments) {
        const { device } = counting(tellingLate(await freshDevice()), method, at);
        expect(await refusal(loads[what]!({ device }))).toMatch(LOST);
      }
    });
  });
});

type Members = Readonly<Record<string, unknown>>;

/** The device with some members of its own; the others are not to know of it. */
const withMembers = (device: GPUDevice, members: Members): GPUDevice =>
  new Proxy(device, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(members, name)) return members[name];
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

/** A device that behaves as Chromium's: calls fail before the loss is reported, and later requests are answered after it. */
function tellingLate(device: GPUDevice): GPUDevice {
  const lost = device.lost.then((loss) => sleep(20, loss));
  let isDestroyed = false;
  return withMembers(device, {
    lost,
    destroy() {
      isDestroyed = true;
      device.destroy();
    },
    async popErrorScope() {
      const answer = await device.popErrorScope();
      if (isDestroyed) await lost;
      return answer;
    },
  });
}

/** How often a method is called; the call of this number finds the device destroyed. */
function counting(
  device: GPUDevice,
  method: keyof GPUDevice,
  last = Infinity,
): { readonly device: GPUDevice; calls(): number } {
  let count = 0;
  const run = (device[method] as (...given: unknown[]) => unknown).bind(device);
  const counted = (...given: unknown[]): unknown => {
    if (++count === last) device.destroy();
    return run(...given);
  };
  return { device: withMembers(device, { [method]: counted }), calls: () => count };
}
