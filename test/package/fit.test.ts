/**
 * `fit` of packages, and what it needs of a step: the last examples of a batch left out, exactly. A step with some of its
 * examples is the step of a package with that batch.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineModel, type Model, type Net, type Tensor } from 'cnnc';
import { countsExamples } from '../../compiler/autodiff/countsExamples.ts';
import { buildGraph } from '../../compiler/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import type { TargetName } from '../../compiler/targets/index.ts';
import type { FitOptions, FitResult } from '../../runtime/training/fit/types.ts';
import { parseSafetensors } from '../../runtime/weights.ts';
import { createFolders, runNode } from '../support/folders.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import { immediateTargetNames } from '../support/targets.ts';

const newFolder = createFolders();

const CLASSES = 3;
const LENGTH = 2 * 6 * 6;

const head = (net: Net, x: Tensor) => net.linear('fc', net.flatten(x), { features: CLASSES });

/** Layers of every kind that keeps examples apart, and dropout. */
const netOf = (batch: number): Model =>
  defineModel({
    name: 'separate',
    inputs: { image: [batch, 2, 6, 6] },
    build(net, { image }) {
      const x = net.relu(net.conv2d('conv', image, { channels: 4, kernel: 3, padding: 1 }));
      const y = net.concat(
        [net.groupNorm('norm', x, { groups: 2 }), net.maxPool(image, { kernel: 3, stride: 1, padding: 1 })],
        {
          axis: 1,
        },
      );
      return { logits: head(net, net.averagePool(y, { kernel: 2 })) };
    },
  });

interface Trainer {
  readonly step: number;
  trainStep(inputs: object, options?: object): Step | Promise<Step>;
  exportWeights(): Uint8Array | Promise<Uint8Array>;
  saveState(): Uint8Array | Promise<Uint8Array>;
  fit(options: FitOptions): Promise<FitResult>;
}

interface Step {
  readonly loss: number;
  readonly logits: Float32Array;
}

interface TrainingModule {
  load(options: object): Promise<Trainer>;
}

type Load = () => Promise<Trainer>;

const SETTINGS = { training: true, learningRate: 0.05, momentum: 0.5, seed: 3 };

async function packageOf(model: Model, target: TargetName, training: object = {}): Promise<string> {
  const folder = join(newFolder(), 'package');
  const options = { targets: [target], training: { optimizer: 'sgd', ...training } } as const;
  writePackage(folder, await compilePackage(model, 'model.ts', options));
  return folder;
}

const importing = (folder: string, file: string): Promise<unknown> =>
  import(pathToFileURL(join(folder, file)).href);

async function loadOf(folder: string): Promise<Load> {
  const { load } = (await importing(folder, 'index.js')) as TrainingModule;
  return () => load(SETTINGS);
}

/** Images of three classes, each bright in rows of its own. */
const examplesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    label: i % CLASSES,
    image: Float32Array.from(
      { length: LENGTH },
      (_, p) => Math.sin(i * 37 + p * 1.7) / 2 + (Math.floor((p % 36) / 12) === i % CLASSES ? 1 : 0),
    ),
  }));

const examples = examplesOf(22);

function batchOf(batch: number, count: number, filling: number) {
  const image = new Float32Array(batch * LENGTH).fill(filling);
  const label = new Int32Array(batch).fill(1);
  for (let i = 0; i < count; i++) {
    image.set(examples[i]!.image, i * LENGTH);
    label[i] = examples[i]!.label;
  }
  return { image, label };
}

/** The largest difference of two files of weights, relative to the largest number. */
function difference(actual: Uint8Array, expected: Uint8Array): number {
  const [a, b] = [parseSafetensors(actual), parseSafetensors(expected)];
  let [most, largest] = [0, 0];
  for (const [name, { data }] of b) {
    data.forEach((value, i) => {
      most = Math.max(most, Math.abs(value - a.get(name)!.data[i]!));
      largest = Math.max(largest, Math.abs(value));
    });
  }
  return most / largest;
}

/** Sums of f32 in another order; the numbers are of the order of 1. */
const TOLERANCE = 1e-5;

/** A step with `count` of 8 examples, against a package whose batch is `count`. */
async function expectExact(whole: Load, small: Load, count: number): Promise<void> {
  const [one, other, expected] = [await whole(), await whole(), await small()];
  for (let step = 0; step < 3; step++) {
    const found = await one.trainStep(batchOf(8, count, 0.25), { count });
    const { loss, logits } = { ...found, logits: found.logits.slice() };
    const wanted = await expected.trainStep(batchOf(count, count, 0));
    expect(loss).toBeCloseTo(wanted.loss, 5);
    logits
      .subarray(0, count * CLASSES)
      .forEach((value, i) => expect(value).toBeCloseTo(wanted.logits[i]!, 4));
    // What fills the batch changes no bit.
    expect((await other.trainStep(batchOf(8, count, -3), { count })).loss).toBe(loss);
  }
  expect(await other.saveState()).toEqual(await one.saveState());
  expect(difference(await one.exportWeights(), await expected.exportWeights())).toBeLessThan(TOLERANCE);
}

/** A run of `fit` and what it leaves. */
async function fitted(load: Load, more: Partial<FitOptions> = {}) {
  const trainer = await load();
  const options = { examples, validation: examplesOf(7), epochs: 4, seed: 2, augment: { shift: 1 } };
  const result = await trainer.fit({ ...options, ...more });
  return { ...result, steps: trainer.step, state: await trainer.saveState() };
}

describe.each(immediateTargetNames)('a package for %s', (target) => {
  let folder: string;
  let whole: Load;
  beforeAll(async () => {
    folder = await packageOf(netOf(8), target);
    whole = await loadOf(folder);
  }, COMPILE_TIMEOUT);

  it.each([5, 1])(
    'leaves out all examples but %i, exactly',
    async (count) => {
      await expectExact(whole, await loadOf(await packageOf(netOf(count), target)), count);
    },
    COMPILE_TIMEOUT,
  );

  it('refuses a number of examples that cannot be', async () => {
    const trainer = await whole();
    for (const count of [0, 9, 2.5, NaN])
      expect(() => trainer.trainStep(batchOf(8, 8, 0), { count })).toThrow(
        `separate.trainStep: \`count\` needs a whole number from 1 to 8, got ${count}`,
      );
    const { image, label } = batchOf(8, 8, 0);
    label[6] = 99;
    expect(() => trainer.trainStep({ image, label }, { count: 7 })).toThrow('has the label 99 at index 6');
    expect(trainer.step).toBe(0);
    label[7] = 99;
    label[6] = 0;
    await trainer.trainStep({ image, label }, { count: 7 });
    expect([trainer.step, label[7]]).toEqual([1, 99]);
  });

  it('fits its examples, and the same seed gives the same bytes', async () => {
    const first = await fitted(whole, { epochs: 12 });
    expect(first.steps).toBe(12 * 3);
    expect(first.best!.validation!.accuracy).toBe(1);
    expect(await fitted(whole, { epochs: 12 })).toMatchObject({ weights: first.weights, state: first.state });
    expect((await fitted(whole, { epochs: 12, seed: 9 })).state).not.toEqual(first.state);
  });

  it('fits by the function too', async () => {
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: object };
    expect(Object.keys(exports)).toContain('./training/fit.js');
    const { fit } = (await importing(folder, 'training/fit.js')) as {
      fit(trainer: Trainer, options: FitOptions): Promise<FitResult>;
    };
    const trainer = await whole();
    const options = { examples, epochs: 2 };
    const expected = await (await whole()).fit(options);
    const { weights, ...rest } = await fit(trainer, options);
    expect(weights).toEqual(expected.weights);
    expect(rest.points).toEqual(expected.points);
  });

  it(
    'with batch norm has steps of whole batches only',
    async () => {
      const load = await loadOf(await packageOf(trainable, target));
      const trainer = await load();
      const image = new Float32Array(4 * 108).map((_, i) => Math.sin(i));
      const label = Int32Array.of(0, 1, 2, 0);
      expect(() => trainer.trainStep({ image, label }, { count: 3 })).toThrow(
        'trainable.trainStep: a step of this network needs all 4 examples, so `count` cannot be 3',
      );
      const few = Array.from({ length: 6 }, (_, i) => ({
        image: image.subarray((i % 4) * 108, (i % 4) * 108 + 108),
        label: i % 3,
      }));
      await trainer.fit({ examples: few, epochs: 2 });
      expect(trainer.step).toBe(4);
    },
    COMPILE_TIMEOUT,
  );
});

describeOnGpu('a package for WebGPU', () => {
  let folders: readonly string[];
  const loadOn = async (folder: string): Promise<Load> => {
    const { load } = (await importing(folder, 'index.js')) as TrainingModule;
    const device = await runningDevice();
    return () => load({ ...SETTINGS, device });
  };
  beforeAll(async () => {
    folders = await Promise.all([8, 5].map((batch) => packageOf(netOf(batch), 'webgpu')));
  }, COMPILE_TIMEOUT);

  it('leaves examples out, exactly', async () => {
    await expectExact(await loadOn(folders[0]!), await loadOn(folders[1]!), 5);
  });

  it('fits as the TypeScript target does', async () => {
    const found = await fitted(await loadOn(folders[0]!));
    const expected = await fitted(await loadOf(await packageOf(netOf(8), 'typescript')));
    found.points.forEach(({ loss }, i) => expect(loss).toBeCloseTo(expected.points[i]!.loss, 3));
    expect(found.points).toHaveLength(expected.points.length);
    expect((await fitted(await loadOn(folders[0]!))).weights).toEqual(found.weights);
  });
});

type Build = (net: Net, image: Tensor) => Tensor;
type Loss = (net: Net, logits: Tensor, label: Tensor) => Tensor;

/** Asks it of a net with these features, a last layer, and this loss in place of the usual one. */
function counts(features: Build, loss?: Loss): boolean {
  const net = {
    name: 'net',
    inputs: { image: [4, 2, 6, 6] },
    build: (one: Net, { image }: { readonly image: Tensor }) => ({ logits: head(one, features(one, image)) }),
  } as const;
  const model = loss
    ? defineModel({
        ...net,
        targets: { label: { dtype: 'i32', shape: [4] } },
        loss: (one, { logits }, { label }) => loss(one, logits, label),
      })
    : defineModel(net);
  return countsExamples(buildGraph(model, { training: true }));
}

describe('steps that can leave examples out', () => {
  it.each<[string, Build, Loss?]>([
    [
      'layers for each image',
      (net, image) => net.relu(net.conv2d('conv', image, { channels: 3, kernel: 3 })),
    ],
    ['dropout', (net, image) => net.dropout(image, { p: 0.5 })],
    ['sums and products', (net, image) => net.add(image, net.mul(image, image))],
    [
      'several cross-entropies',
      (_net, image) => image,
      (net, logits, label) => {
        const one = net.crossEntropy(logits, label);
        return net.add(one, net.mul(one, one));
      },
    ],
  ])('are those of %s', (_, features, loss) => {
    expect(counts(features, loss)).toBe(true);
  });

  it.each<[string, Build, Loss?]>([
    ['batch norm', (net, image) => net.batchNorm('bn', image)],
    [
      'a mean over the batch',
      (net, image) => net.sub(image, net.reduceMean(image, { axes: [0], keepDims: true })),
    ],
    [
      'images in another order',
      (net, image) => {
        const order = { permutation: [1, 0, 2, 3] };
        return net.transpose(net.relu(net.transpose(image, order)), order);
      },
    ],
    [
      'a loss of all scores',
      (_net, image) => image,
      (net, logits, label) =>
        net.add(net.crossEntropy(logits, label), net.reduceMean(net.mul(logits, logits), { axes: [0, 1] })),
    ],
  ])('are not those of %s', (_, features, loss) => {
    expect(counts(features, loss)).toBe(false);
  });
});

describe('the code of fit', () => {
  it(
    'is in no package that cannot use it',
    async () => {
      const picture = defineModel({
        name: 'picture',
        inputs: { image: [2, 1, 4, 4] },
        build: (net, { image }) => ({ out: net.conv2d('conv', image, { channels: 1, kernel: 1 }) }),
        targets: { picture: { dtype: 'f32', shape: [2, 1, 4, 4] } },
        loss: (net, { out }, { picture: target }) => net.mseLoss(out, target),
      });
      const folder = await packageOf(picture, 'typescript');
      expect(existsSync(join(folder, 'training/trainer.js'))).toBe(true);
      for (const file of ['fit', 'fitLoop', 'stores'])
        expect(existsSync(join(folder, `training/${file}.js`))).toBe(false);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'is in a bundle only where it is used',
    async () => {
      const folder = await packageOf(netOf(8), 'typescript');
      const bundle = async (program: string): Promise<ReadonlyMap<string, string>> => {
        const entry = join(folder, '..', 'entry.js');
        writeFileSync(entry, program);
        const { outputFiles } = await build({
          ...{ entryPoints: [entry], outdir: join(folder, '..', 'dist') },
          ...{ bundle: true, splitting: true, format: 'esm', write: false },
        });
        return new Map(outputFiles.map(({ path, text }) => [path.split('/').at(-1)!, text]));
      };
      const plain = await bundle(`import { load } from './package/index.js'; globalThis.load = load;`);
      const owners = (files: ReadonlyMap<string, string>, part: string): string[] =>
        [...files].filter(([, text]) => text.includes(part)).map(([name]) => name);
      // A chunk of its own, which is loaded by the first call.
      expect(owners(plain, 'training has diverged')).toEqual([expect.stringMatching(/^fit-/)]);
      expect(owners(plain, 'function indexedDbStore')).toEqual([]);
      const stored = await bundle(
        `import { load, indexedDbStore } from './package/index.js'; globalThis.all = [load, indexedDbStore];`,
      );
      expect(owners(stored, 'function indexedDbStore')).toEqual(['entry.js']);
      expect(owners(stored, 'function fileStore')).toEqual([]);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'is reached through a package of several targets',
    async () => {
      const folder = newFolder();
      const files = await compilePackage(netOf(8), 'model.ts', {
        targets: ['wasm', 'typescript'],
        training: { optimizer: 'sgd' },
      });
      writePackage(join(folder, 'package'), files);
      const program = `
        import { fileStore, load } from './package/index.js';
        const examples = ${JSON.stringify(examples.map(({ image, label }) => ({ image: [...image], label })))};
        const list = examples.map(({ image, label }) => ({ image: Float32Array.from(image), label }));
        const trainer = await load({ target: 'typescript', training: true });
        const store = fileStore('run');
        const { epochs, weights } = await trainer.fit({ examples: list, epochs: 1, store });
        const saved = await store.load();
        console.log(JSON.stringify([epochs.length, weights.length, saved.best.length]));
      `;
      writeFileSync(join(folder, 'main.mjs'), program);
      const [epochs, weights, best] = JSON.parse(runNode(folder, 'main.mjs')) as number[];
      expect([epochs, best]).toEqual([1, weights]);
    },
    COMPILE_TIMEOUT,
  );
});
