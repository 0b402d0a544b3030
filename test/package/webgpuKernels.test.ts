/**
 * The kernels that a package for WebGPU selects: two families, which give the same numbers from the same weights and
 * memory, f16 in tiles, subgroups; and the number of pipelines of a deep net.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create } from 'webgpu';
import { beforeAll, expect, it, vi } from 'vitest';
import { buildGraph, defineModel } from 'cnnc';
import { lower } from '../../compiler/lowering/lower.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { phaseCalls } from '../../compiler/program/types.ts';
import { createDispatcher } from '../../compiler/targets/webgpu/dispatches.ts';
import { createWebgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import lenet5 from '../../models/lenet5.ts';
import resnet18 from '../../models/resnet18.ts';
import resnet20 from '../../models/resnet20.ts';
import { createFolders } from '../support/folders.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { placeAll } from '../support/gpuPlaces.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import {
  dawn,
  expectClose,
  freshDevice,
  load,
  reference,
  refusal,
  wave,
  write,
} from '../support/webgpuModels.ts';

const newFolder = createFolders();
const FAMILIES = ['blocked', 'tiled'] as const;

/** Dawn's objects are never collected. */
function driverless(): GPU {
  const gpu = create(['backend=null']);
  const kept = globalThis as { keptByKernelsTest?: GPU[] };
  (kept.keptByKernelsTest ??= []).push(gpu);
  return gpu;
}

describeOnGpu('the kernels of a package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await write(lenet5, 'webgpu');
  }, COMPILE_TIMEOUT);

  it('are blocked where a processor stands in for the GPU, on devices that are handed in as well', async () => {
    expect((await load(folder)).family).toBe('blocked');
    expect((await load(folder, { device: await runningDevice() })).family).toBe('blocked');
  });

  it('are tiled on everything else', async () => {
    // The same adapter, which does not say what it is.
    const gpu = {
      async requestAdapter() {
        const adapter = (await dawn.requestAdapter())!;
        const requestDevice = async (wanted: GPUDeviceDescriptor): Promise<GPUDevice> => {
          const device = await adapter.requestDevice(wanted);
          Object.defineProperty(device, 'adapterInfo', { value: { isFallbackAdapter: false } });
          return device;
        };
        return { limits: adapter.limits, features: adapter.features, info: {}, requestDevice };
      },
    };
    expect((await load(folder, { gpu })).family).toBe('tiled');
  });

  it('are one of the two that there are', async () => {
    expect(await refusal(load(folder, { family: 'fast' }))).toBe(
      `lenet5: family is "fast", expected 'blocked' or 'tiled'`,
    );
  });

  it('have f16 in their tiles where the device has it, and only if that is asked for', async () => {
    // Dawn without a driver compiles everything and runs nothing.
    const gpu = driverless();
    const half = await load(folder, { gpu, precision: 'f16' });
    expect([half.family, half.precision, half.device.features.has('shader-f16')]).toEqual([
      ...['tiled', 'f16', true],
    ]);
    const whole = await load(folder, { gpu });
    expect([whole.precision, whole.device.features.has('shader-f16')]).toEqual(['f32', false]);
    const compiled = vi.spyOn(half.device, 'createShaderModule');
    expect((await load(folder, { device: half.device, precision: 'f16' })).precision).toBe('f16');
    expect(compiled.mock.calls.some(([{ code }]) => code.startsWith('enable f16;'))).toBe(true);
  });

  it('have f32 where the device has no f16, and in registers', async () => {
    expect((await load(folder, { family: 'tiled', precision: 'f16' })).precision).toBe('f32');
    const adapter = await driverless().requestAdapter();
    const device = await adapter!.requestDevice({ requiredFeatures: ['shader-f16'] });
    expect((await load(folder, { device, family: 'blocked', precision: 'f16' })).precision).toBe('f32');
  });

  it('have one of the two precisions', async () => {
    expect(await refusal(load(folder, { precision: 'half' }))).toBe(
      `lenet5: precision is "half", expected 'f32' or 'f16'`,
    );
  });
});

describeOnGpu('both families', () => {
  it(
    'give the same numbers, but for roundings',
    async () => {
      const folder = await write(resnet20, 'webgpu');
      const image = wave(3 * 32 * 32, 0.7);
      const [blocked, tiled] = await Promise.all(
        FAMILIES.map(async (family) => {
          const model = await load(folder, { family });
          expect(model.family).toBe(family);
          return (await model.forward({ image }))['logits']!;
        }),
      );
      expectClose(tiled, blocked);
      expect(tiled).not.toEqual(blocked);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'take the same steps, but for roundings',
    async () => {
      const [blocked, tiled] = await Promise.all(FAMILIES.map(await stepping()));
      expectClose(Float32Array.from(tiled!), Float32Array.from(blocked!));
      expect(tiled).not.toEqual(blocked);
      expect(blocked!.at(-1)).toBeLessThan(blocked![0]!);
    },
    COMPILE_TIMEOUT,
  );
});

/** Channels and rows as the tiles want them. */
const trained = defineModel({
  name: 'trained',
  inputs: { image: [16, 4, 8, 8] },
  build(net, { image }) {
    const x = net.relu(net.conv2d('first', image, { channels: 16, kernel: 3, padding: 1 }));
    const y = net.maxPool(net.relu(net.conv2d('second', x, { channels: 32, kernel: 3, padding: 1 })), {
      kernel: 2,
    });
    return { logits: net.linear('head', net.flatten(y), { features: 5 }) };
  },
});

interface Trainer {
  readonly family: string;
  trainStep(inputs: Readonly<Record<string, unknown>>): Promise<{ readonly loss: number }>;
  close(): void;
}

/** The losses of some steps. */
async function stepping(): Promise<(family: string) => Promise<number[]>> {
  const folder = join(newFolder(), 'package');
  const settings = { targets: ['webgpu'], training: { optimizer: 'sgd' } } as const;
  writePackage(folder, await compilePackage(trained, 'trained.ts', settings));
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(options: Readonly<Record<string, unknown>>): Promise<Trainer>;
  };
  const inputs = { image: wave(16 * 4 * 64, 0.3), label: Int32Array.from({ length: 16 }, (_, i) => i % 5) };
  return async (family) => {
    const trainer = await module.load({ gpu: dawn, family, training: true, learningRate: 0.001 });
    expect(trainer.family).toBe(family);
    const losses: number[] = [];
    for (let step = 0; step < 4; step++) losses.push((await trainer.trainStep(inputs)).loss);
    trainer.close();
    return losses;
  };
}

describeOnGpu('kernels that reduce over workgroups', () => {
  const wide = defineModel({
    name: 'wide',
    inputs: { x: [2, 1000] },
    build: (net, { x }) => ({ probabilities: net.softmax(x, { axis: 1 }) }),
  });

  it.each([
    ['use subgroups where the GPU has them', async () => ({ gpu: dawn }), true],
    ['do without on a device that was opened without', async () => ({ device: await freshDevice() }), false],
  ])('%s', async (_, options, expected) => {
    const compiled = vi.spyOn(GPUDevice.prototype, 'createShaderModule');
    const model = await load(await write(wide, 'webgpu'), { family: 'tiled', ...(await options()) });
    const codes = compiled.mock.calls.map(([{ code }]) => code);
    compiled.mockRestore();
    expect(model.device.features.has('subgroups')).toBe(expected);
    expect(codes.map((code) => code.includes('enable subgroups;'))).toEqual([expected]);
    const x = wave(2000, 1);
    const want = (await reference(wide))({ x })['probabilities'];
    expectClose((await model.forward({ x }))['probabilities'], want);
  });
});

it('are at most 25 pipelines in ResNet-18 at 224', () => {
  const graph = runPasses(buildGraph(resnet18, { training: false }), passesFor('inference'));
  const target = createWebgpuTarget({ precision: 'fast' });
  const [program] = deduplicateKernels([lower(graph, target)]);
  const { regions } = placeAll(program!, planMemory(program!, { ...target, isQuick: true }));
  const dispatcher = createDispatcher();
  const calls = phaseCalls(program!, 'forward').map((call) =>
    dispatcher.withVariant(call, (id) => regions.get(id)!),
  );
  const count = (family: 'own' | 'tiled'): number =>
    new Set(calls.flatMap((one) => (one[family] ?? one.own).map(({ shader }) => shader))).size;
  for (const family of ['own', 'tiled'] as const) {
    expect(count(family)).toBeGreaterThan(10);
    expect(count(family)).toBeLessThanOrEqual(25);
  }
});
