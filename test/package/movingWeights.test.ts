/** Packages for inference take the model's weights as a trainer exports them, at load and while they run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { parseSafetensors, serializeSafetensors, type WeightEntry } from '../../runtime/weights.ts';
import { createFolders } from '../support/folders.ts';
import { runningDevice } from '../support/gpu.ts';
import { describeRunning } from '../support/gpuPackages.ts';
import { trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';

interface Outputs {
  readonly logits: Float32Array;
}

interface Model {
  forward(inputs: { image: Float32Array }): Outputs | Promise<Outputs>;
  loadWeights(bytes: Uint8Array): void | Promise<void>;
  close(): void;
}

interface Trainer {
  trainStep(inputs: { image: Float32Array; label: Int32Array }): unknown;
  predict(inputs: { image: Float32Array }): Outputs | Promise<Outputs>;
  exportWeights(): Uint8Array | Promise<Uint8Array>;
  close(): void;
}

interface Module<T> {
  load(options: Readonly<Record<string, unknown>>): Promise<T>;
}

const image = Float32Array.from({ length: 4 * 108 }, (_, i) => Math.sin(i * i * 0.013));
const label = Int32Array.of(0, 1, 2, 1);

const newFolder = createFolders();

const deviceFor = async (target: TargetName) =>
  target === 'webgpu' ? { device: await runningDevice() } : {};

const importFrom = async <T>(folder: string): Promise<Module<T>> =>
  (await import(pathToFileURL(join(folder, 'index.js')).href)) as Module<T>;

/** The file with other names, types or tensors. */
function changed(bytes: Uint8Array, change: (entries: WeightEntry[]) => WeightEntry[]): Uint8Array {
  const entries = [...parseSafetensors(bytes)].map(([name, { shape, data }]) => ({ name, shape, data }));
  return serializeSafetensors(change(entries));
}

/** A download of the bytes, in pieces. */
function download(bytes: Uint8Array): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += 100)));
    },
  });
  return new Response(body);
}

for (const target of targetNames)
  describeRunning(target, `a package for inference on ${target}`, () => {
    let folder: string;
    let weights: Uint8Array;
    /** What the trainer predicts with these weights. */
    let predicted: number[];

    beforeAll(async () => {
      folder = newFolder();
      const options = { source: 'trainable.ts', targets: [target] } as const;
      writePackage(join(folder, 'inference'), (await compile(trainable, options)).files);
      const training = await compile(trainable, { ...options, training: { optimizer: 'sgd' } });
      writePackage(join(folder, 'training'), training.files);
      const { load } = await importFrom<Trainer>(join(folder, 'training'));
      const trainer = await load({ ...(await deviceFor(target)), training: true, learningRate: 0.1 });
      for (let i = 0; i < 3; i++) await trainer.trainStep({ image, label });
      weights = Uint8Array.from(await trainer.exportWeights());
      predicted = [...(await trainer.predict({ image })).logits];
      trainer.close();
    }, COMPILE_TIMEOUT);

    const loaded = async (source?: unknown): Promise<Model> => {
      const { load } = await importFrom<Model>(join(folder, 'inference'));
      return load({ ...(await deviceFor(target)), ...(source !== undefined && { weights: source }) });
    };
    const logitsOf = async (model: Model): Promise<number[]> => [...(await model.forward({ image })).logits];

    it('computes with exported weights what the trainer predicts', async () => {
      const model = await loaded(weights);
      expect(await logitsOf(model)).toEqual(predicted);
      model.close();
    });

    it('takes other weights while it runs, and its own again', async () => {
      const model = await loaded();
      const before = await logitsOf(model);
      expect(before).not.toEqual(predicted);
      await model.loadWeights(weights);
      expect(await logitsOf(model)).toEqual(predicted);
      const own = readFileSync(join(folder, 'inference/weights.safetensors'));
      await model.loadWeights(own);
      expect(await logitsOf(model)).toEqual(before);
      // Calls that are made at once run in their order.
      await Promise.all([model.loadWeights(own), model.loadWeights(weights)]);
      expect(await logitsOf(model)).toEqual(predicted);
      model.close();
    });

    it('takes names of DataParallel, counters and tensors that it does not use, in any order and as a download', async () => {
      const other = changed(weights, (entries) => [
        { name: 'module.unused', shape: [2], data: Float32Array.of(1, 2) },
        ...entries.toReversed().map((entry) => ({ ...entry, name: `module.${entry.name}` })),
        { name: 'module.bn.num_batches_tracked', shape: [], data: Int32Array.of(3) },
      ]);
      for (const source of [other, download(other), download(weights)]) {
        const model = await loaded(source);
        expect(await logitsOf(model)).toEqual(predicted);
        model.close();
      }
    });

    it('says in its README what its files are', () => {
      const readme = readFileSync(join(folder, 'inference/README.md'), 'utf8');
      expect(readme).toContain(
        "| `weights.safetensors` | weights and running statistics, with PyTorch's names and shapes |",
      );
      const files = readdirSync(join(folder, 'inference')).filter((name) => /^\w+\.ts$/.test(name));
      expect(files).toContain('prepare.ts');
      for (const name of files) expect(readme).toContain(`| \`${name}\` |`);
    });

    it('refuses a file that does not fit, and keeps the weights that it has', async () => {
      const model = await loaded(weights);
      const wrong = changed(weights, ([first, ...rest]) => [
        ...rest.slice(1),
        { ...first!, shape: [first!.data.length] },
      ]);
      const refused = await Promise.resolve()
        .then(() => model.loadWeights(wrong))
        .then(() => '', String);
      expect(refused.split('\n').toSorted()).toEqual([
        '  bn.weight: missing in the file',
        '  conv.weight: the file has [108], the model has [4,3,3,3]',
        'Error: trainable.loadWeights: the file does not fit the model',
      ]);
      expect(await logitsOf(model)).toEqual(predicted);
      await expect(loaded(wrong)).rejects.toThrow('the file does not fit the model');
      const cut = Promise.resolve().then(() => model.loadWeights(weights.subarray(0, weights.length - 4)));
      await expect(cut).rejects.toThrow('the file is truncated');
      expect(await logitsOf(model)).toEqual(predicted);
      model.close();
    });
  });

describe('fixed weights', () => {
  it('leave out the code that takes others', async () => {
    const sizeOf = async (fixedWeights: boolean): Promise<number> => {
      const { files } = await compile(trainable, { source: 'trainable.ts', fixedWeights });
      expect(files.has('prepare.js')).toBe(!fixedWeights);
      expect(String(files.get('index.d.ts')).includes('loadWeights(')).toBe(!fixedWeights);
      return [...files].reduce((sum, [name, text]) => sum + (name.endsWith('.js') ? text.length : 0), 0);
    };
    expect(await sizeOf(true)).toBeLessThan(await sizeOf(false));
  });
});
