/**
 * The two families of kernels of a package for WebGPU: which one a model takes, that both give the same numbers, from the
 * same weights and memory, and how many pipelines a deep net has in each.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create } from 'webgpu';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { buildGraph, type Model } from 'cnnc';
import { lower } from '../../compiler/lowering/lower.ts';
import { writePackage } from '../../compiler/package/write.ts';
import { INFERENCE_PASSES, runPasses } from '../../compiler/pipeline.ts';
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
import { maxAbs } from '../support/numbers.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();

interface Net {
  readonly family: string;
  forward(inputs: { image: Float32Array }): Promise<{ logits: Float32Array }>;
  close(): void;
}

type Load = (options: {
  readonly gpu?: unknown;
  readonly device?: GPUDevice;
  readonly family?: string;
}) => Promise<Net>;

/** Dawn's object is never collected. */
const dawn = create([]);
(globalThis as { keptByKernelsTest?: GPU }).keptByKernelsTest = dawn;

const opened: Net[] = [];
afterEach(() => opened.splice(0).forEach((model) => model.close()));

async function loadOf(model: Model): Promise<Load> {
  const folder = join(newFolder(), 'package');
  writePackage(folder, await compilePackage(model, 'model.ts', { targets: ['webgpu'] }));
  return ((await import(pathToFileURL(join(folder, 'index.js')).href)) as { load: Load }).load;
}

describeOnGpu('kernels of a package', () => {
  let load: Load;
  let loadDeep: Load;
  beforeAll(async () => {
    [load, loadDeep] = [await loadOf(lenet5), await loadOf(resnet20)];
  }, COMPILE_TIMEOUT);

  const open = async (options: Parameters<Load>[0], from = load): Promise<Net> => {
    const model = await from(options);
    opened.push(model);
    return model;
  };

  it('are blocked where a processor stands in for the GPU, on devices that are handed in as well', async () => {
    expect((await open({ gpu: dawn })).family).toBe('blocked');
    expect((await open({ device: await runningDevice() })).family).toBe('blocked');
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
    expect((await open({ gpu })).family).toBe('tiled');
  });

  it('give the same numbers, but for roundings', async () => {
    const image = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i * 0.7));
    const logits: Float32Array[] = [];
    for (const family of ['blocked', 'tiled']) {
      const model = await open({ gpu: dawn, family }, loadDeep);
      expect(model.family).toBe(family);
      logits.push((await model.forward({ image })).logits);
    }
    const [blocked, tiled] = logits as [Float32Array, Float32Array];
    const largest = maxAbs([...blocked]);
    // Winograd's F(4x4) in both, in another order of sums: 1e-4 of the largest at most (Lavin and Gray).
    expect(maxAbs([...blocked].map((value, i) => value - tiled[i]!))).toBeLessThan(1e-4 * largest);
    expect([...blocked]).not.toEqual([...tiled]);
  });

  it('are one of the two that there are', async () => {
    await expect(load({ gpu: dawn, family: 'fast' })).rejects.toThrow(
      `lenet5: family is "fast", expected 'blocked' or 'tiled'`,
    );
  });
});

it('are at most 25 pipelines in ResNet-18 at 224', () => {
  const graph = runPasses(buildGraph(resnet18, { training: false }), INFERENCE_PASSES);
  const target = createWebgpuTarget({ precision: 'fast' });
  const [program] = deduplicateKernels([lower(graph, target)]);
  const { regions } = placeAll(program!, planMemory(program!, { ...target, isQuick: true }));
  const dispatcher = createDispatcher();
  const calls = phaseCalls(program!, 'forward').map((call) =>
    dispatcher.withVariant(call, (id) => regions.get(id)!),
  );
  const count = (kernels: 'own' | 'tiled'): number =>
    new Set(calls.flatMap((one) => (one[kernels] ?? one.own).map(({ shader }) => shader))).size;
  expect([count('own'), count('tiled')]).toEqual([24, expect.any(Number)]);
  expect(count('tiled')).toBeLessThanOrEqual(25);
});
