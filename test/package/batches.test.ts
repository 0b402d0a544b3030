/** Packages for several batches: any number of images over one set of weights, the same bits as packages for one batch. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, defineModel, type Model } from '../../compiler/index.ts';
import type { CompileOptions } from '../../compiler/driver/options.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import resnet20 from '../../models/resnet20.ts';
import { createFolders } from '../support/folders.ts';
import { runningDevice } from '../support/gpu.ts';
import { describeRunning } from '../support/gpuPackages.ts';
import { classifier, detector, trainable, twoInputs } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { randomWeights } from '../support/weights.ts';

type Arrays = Readonly<Record<string, Float32Array>>;

interface Loaded {
  readonly info: { readonly batches?: readonly number[]; readonly weightBytes: number };
  forward(inputs: Arrays, out?: Arrays): Arrays | Promise<Arrays>;
  loadWeights(bytes: Uint8Array): void | Promise<void>;
  close(): void;
}

const newFolder = createFolders();

const deviceFor = async (target: TargetName) =>
  target === 'webgpu' ? { device: await runningDevice() } : {};

async function packageOf(model: Model, options: Omit<CompileOptions, 'out'>): Promise<string> {
  const folder = newFolder();
  writePackage(folder, (await compile(model, { source: 'model.ts', ...options })).files);
  return folder;
}

async function load<T = Loaded>(folder: string, options: object = {}): Promise<T> {
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(options: object): Promise<T>;
  };
  return module.load(options);
}

const numbers = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + i * i * 0.013));

/** Bytes of the code that runs. */
const codeBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|wasm)$/.test(file))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

/** What packages for one batch each say of the images, group by group. */
async function byGroups(
  one: (images: number) => Promise<Loaded>,
  groups: readonly number[],
  inputs: Arrays,
): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  const total = groups.reduce((sum, size) => sum + size, 0);
  let from = 0;
  for (const size of groups) {
    const part = Object.fromEntries(
      Object.entries(inputs).map(([name, data]) => {
        const length = data.length / total;
        return [name, data.slice(from * length, (from + size) * length)];
      }),
    );
    for (const [name, data] of Object.entries(await (await one(size)).forward(part)))
      (all[name] ??= []).push(...data);
    from += size;
  }
  return all;
}

const asLists = (arrays: Arrays): Record<string, number[]> =>
  Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, [...data]]));

const BATCHES = [1, 3, 5];

for (const target of targetNames)
  describeRunning(target, `a package for batches 1, 3 and 5 on ${target}`, () => {
    /** An input of one image has so many numbers. */
    const models: readonly [Model, Readonly<Record<string, number>>][] = [
      [classifier, { image: 360 }],
      [twoInputs, { left: 4, right: 4 }],
      [detector, { image: 1536 }],
    ];
    const folders = new Map<Model, { any: string; single: ReadonlyMap<number, string> }>();

    beforeAll(async () => {
      for (const [model] of models) {
        const options = { targets: [target], weights: randomWeights };
        const single = new Map<number, string>();
        for (const batch of BATCHES) single.set(batch, await packageOf(model, { ...options, batch }));
        folders.set(model, { any: await packageOf(model, { ...options, batch: [5, 1, 3] }), single });
      }
    }, COMPILE_TIMEOUT);

    it.each(models)(
      '$name: has the bits of three packages, for 12 images those of 5, 5, 1 and 1',
      async (model, sizes) => {
        const { any, single } = folders.get(model)!;
        const device = await deviceFor(target);
        const all = await load(any, device);
        expect(all.info.batches).toEqual(BATCHES);
        const one = (images: number) => load(single.get(images)!, device);
        for (const groups of [[1], [3], [5], [5, 5, 1, 1]]) {
          const images = groups.reduce((sum, size) => sum + size, 0);
          const inputs = Object.fromEntries(
            Object.entries(sizes).map(([name, size]) => [name, numbers(images * size)]),
          );
          const expected = await byGroups(one, groups, inputs);
          expect(asLists(await all.forward(inputs))).toEqual(expected);
        }
      },
    );

    it('has one file of weights, as large as that of one package', async () => {
      const { any, single } = folders.get(classifier)!;
      const files = readdirSync(any, { recursive: true, encoding: 'utf8' });
      expect(files.filter((file) => file.endsWith('.safetensors'))).toEqual(['weights.safetensors']);
      const bytes = (folder: string) => readFileSync(join(folder, 'weights.safetensors')).length;
      expect(bytes(any)).toBeLessThan(1.2 * Math.max(...[...single.values()].map(bytes)));
    });

    it(
      'takes other weights while it runs',
      async () => {
        const options = { targets: [target] } as const;
        const any = await packageOf(trainable, { ...options, batch: [1, 4], seed: 1 });
        const other = await packageOf(trainable, { ...options, batch: 4, seed: 2 });
        const device = await deviceFor(target);
        const model = await load(any, device);
        await model.loadWeights(readFileSync(join(other, 'weights.safetensors')));
        const image = numbers(4 * 108);
        const expected = asLists(await (await load(other, device)).forward({ image }));
        expect(asLists(await model.forward({ image }))).toEqual(expected);
      },
      COMPILE_TIMEOUT,
    );

    it(
      'predicts any number of images while it trains with one batch',
      async () => {
        const training = { optimizer: 'sgd', predictBatch: [1, 3] } as const;
        const folder = await packageOf(trainable, { targets: [target], training, batch: 4 });
        const device = await deviceFor(target);
        interface Trainer {
          trainStep(inputs: object): unknown;
          forward(inputs: object): unknown;
          predict(inputs: Arrays): Arrays | Promise<Arrays>;
          exportWeights(): Uint8Array | Promise<Uint8Array>;
        }
        const trainer = await load<Trainer>(folder, { ...device, training: true, learningRate: 0.1 });
        const batch = { image: numbers(4 * 108), label: Int32Array.of(0, 1, 2, 1) };
        await trainer.trainStep(batch);
        const image = numbers(8 * 108);
        const predicted = asLists(await trainer.predict({ image }));
        expect(predicted['logits']).toHaveLength(8 * 3);
        // A half of a step lets the memory of WebAssembly grow; running statistics change, weights do not.
        const weights = await trainer.exportWeights();
        const model = await load(folder, { ...device, weights });
        expect(asLists(await model.forward({ image }))).toEqual(predicted);
        await trainer.forward({ image: batch.image });
        expect((await trainer.predict({ image }))['logits']).toHaveLength(8 * 3);
      },
      COMPILE_TIMEOUT,
    );
  });

for (const target of ['typescript', 'wasm'] as const)
  describe(`ResNet-20 for batches 1, 8 and 32 on ${target}`, () => {
    it(
      'has the bits of three packages, at most 1.6 times the code of one, and runs 50 images as 32 + 8 + 8 + 1 + 1',
      async () => {
        const options = { targets: [target], weights: randomWeights };
        const any = await packageOf(resnet20, { ...options, batch: [1, 8, 32] });
        const single = new Map<number, string>();
        for (const batch of [1, 8, 32]) single.set(batch, await packageOf(resnet20, { ...options, batch }));
        for (const folder of single.values())
          expect(codeBytes(any)).toBeLessThanOrEqual(1.6 * codeBytes(folder));
        const image = numbers(50 * 3072);
        const groups = [32, 8, 8, 1, 1];
        const expected = await byGroups((images) => load(single.get(images)!), groups, { image });
        expect(asLists(await (await load(any)).forward({ image }))).toEqual(expected);
        for (const [batch, folder] of single) {
          const own = image.slice(0, batch * 3072);
          const one = asLists(await (await load(folder)).forward({ image: own }));
          expect(asLists(await (await load(any)).forward({ image: own }))).toEqual(one);
        }
      },
      COMPILE_TIMEOUT,
    );
  });

describe('batches that cannot be', () => {
  const flat = defineModel({
    name: 'flat',
    inputs: { image: [1, 4] },
    build: (net, { image }) => ({ all: net.reshape(image, { shape: [-1] }) }),
  });

  it.each<[string, Model, CompileOptions, string]>([
    ['an output without an axis of images', flat, { batch: [1, 2] }, 'for batches 1, 2 it is f32[4], f32[8]'],
    ['equal batches', classifier, { batch: [2, 2] }, 'different ones'],
    ['no batch', classifier, { batch: [] }, 'different ones'],
    ['a batch of nothing', classifier, { batch: [0, 1] }, 'different ones'],
    [
      'several batches of training',
      trainable,
      { batch: [1, 2], training: {} },
      'the option predictBatch (--predict-batch) sets those of forward',
    ],
  ])('are refused: %s', async (_, model, options, message) => {
    await expect(compile(model, { source: 'model.ts', ...options })).rejects.toThrow(message);
  });
});
