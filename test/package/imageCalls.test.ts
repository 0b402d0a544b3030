/** `classify` and `detect` of a model: the same as `preprocess`, `forward` and `topK` or `detect`, on every target. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compile, defineModel, exportOnnx, importOnnx, type Model } from '../../compiler/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import type { Pixels } from '../../runtime/imagePixels.ts';
import type { Detection, Thresholds } from '../../runtime/detection.ts';
import type { Ranked } from '../../runtime/topK.ts';
import { createFolders } from '../support/folders.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { classifier, detector, parameterless, twoInputs } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage, type Tensors } from '../support/packages.ts';
import { immediateTargetNames } from '../support/targets.ts';

const newFolder = createFolders();

type Soon<T> = T | Promise<T>;

interface Loaded {
  forward(inputs: Tensors): Soon<Readonly<Record<string, Float32Array>>>;
  classify(image: unknown, k?: number): Soon<Ranked[]>;
  detect(image: unknown, thresholds?: Thresholds): Soon<Detection[]>;
  close(): void;
}

interface ImagePackage {
  load(options?: object): Promise<Loaded>;
  preprocess(image: Pixels, out?: Float32Array): Float32Array;
  preprocess(pixels: Pixels['data'], width: number, height: number): Float32Array;
  topK(scores: Float32Array, k: number): Ranked[];
  detect(outputs: object, thresholds?: Thresholds): Detection[];
}

async function importImages(model: Model, targets: readonly TargetName[], place = ''): Promise<ImagePackage> {
  const folder = newFolder();
  writePackage(folder, await compilePackage(model, 'model.ts', { targets }));
  return (await import(pathToFileURL(join(folder, place, 'index.js')).href)) as ImagePackage;
}

const picture = (width: number, height: number, channels: number): Pixels => ({
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => (i * i * 31 + i * 7) >> 3),
  width,
  height,
});

/** Gray, RGB and RGBA. */
const PICTURES = [picture(31, 20, 1), picture(12, 40, 3), picture(25, 25, 4)];

/** Four images, and a probability for each class. */
const batched: Model = defineModel({
  ...{ name: 'batched', inputs: { photos: [4, 3, 12, 10] } },
  preprocess: { width: 10, height: 12, channels: 'bgr' },
  build(net, { photos }) {
    const scores = net.linear('fc', net.flatten(photos), { features: 6 });
    return { scores: net.softmax(scores), flat: net.flatten(photos) };
  },
});

const opened: Loaded[] = [];
afterAll(() => opened.forEach((one) => one.close()));

async function open(module: ImagePackage, target: TargetName): Promise<Loaded> {
  const isGpu = !immediateTargetNames.includes(target);
  const model = await module.load(isGpu ? { device: await runningDevice() } : {});
  opened.push(model);
  return model;
}

describe.each(targetNames)('a model for %s', (target) => {
  const describeRun = immediateTargetNames.includes(target) ? describe : describeOnGpu;
  describeRun('with one image', () => {
    it(
      'classifies as the three calls do',
      async () => {
        const module = await importImages(classifier, [target]);
        const model = await open(module, target);
        for (const image of PICTURES) {
          const numbers = module.preprocess(image.data, image.width, image.height);
          expect(module.preprocess(image)).toEqual(numbers);
          const expected = module.topK((await model.forward({ image: numbers }))['logits']!, 3);
          const found = model.classify(image);
          expect(found instanceof Promise).toBe(!immediateTargetNames.includes(target));
          // Five by default, of three classes.
          expect(await found).toEqual(expected);
          expect(await model.classify(image, 1)).toEqual(expected.slice(0, 1));
          expect(expected[0]!.label).toMatch(/^(cat|dog|bird)$/);
        }
      },
      COMPILE_TIMEOUT,
    );

    it(
      'classifies one image of a batch',
      async () => {
        const module = await importImages(batched, [target]);
        const model = await open(module, target);
        const labels: string[] = [];
        for (const image of PICTURES) {
          const photos = new Float32Array(4 * 360);
          module.preprocess(image, photos.subarray(0, 360));
          const { scores } = await model.forward({ photos });
          const expected = module.topK(scores!.slice(0, 6), 5);
          expect(await model.classify(image)).toEqual(expected);
          labels.push(expected.map(({ index }) => index).join());
        }
        expect(new Set(labels).size).toBeGreaterThan(1);
      },
      COMPILE_TIMEOUT,
    );

    it(
      'detects as the three calls do',
      async () => {
        const module = await importImages(detector, [target]);
        const model = await open(module, target);
        for (const image of PICTURES) {
          const outputs = await model.forward({ image: module.preprocess(image) });
          const all = { score: 0, overlap: 1 };
          expect(await model.detect(image, all)).toEqual(module.detect({ ...outputs }, all));
          expect(await model.detect(image)).toEqual(module.detect({ ...outputs }));
          expect(module.detect(outputs, all).length).toBeGreaterThan(0);
        }
        expect(model).not.toHaveProperty('classify');
      },
      COMPILE_TIMEOUT,
    );

    it(
      'refuses what is no image',
      async () => {
        const model = await open(await importImages(classifier, [target]), target);
        const call = async (image: unknown) => model.classify(image);
        await expect(call('photo.png')).rejects.toThrow(/^pets\.preprocess takes an image .* got String$/);
        await expect(call({ data: new Uint8Array(5), width: 1, height: 1 })).rejects.toThrow(
          'pets.preprocess: an image of 1x1 has 1, 3, 4 bytes (gray, RGB, RGBA), got 5',
        );
      },
      COMPILE_TIMEOUT,
    );
  });
});

describeOnGpu('calls that overlap', () => {
  it(
    'get each its own answer',
    async () => {
      const module = await importImages(classifier, targetNames, 'webgpu');
      const model = await open(module, 'webgpu');
      const alone: Ranked[][] = [];
      for (const image of PICTURES) alone.push(await model.classify(image));
      const changed = PICTURES.map(({ data, ...size }) => ({ ...size, data: data.slice() }));
      const calls = changed.map((image) => {
        const call = model.classify(image) as Promise<Ranked[]>;
        // It was read during the call.
        image.data.fill(0);
        return call;
      });
      expect(await Promise.all(calls)).toEqual(alone);
      expect(new Set(alone.map((one) => JSON.stringify(one))).size).toBe(PICTURES.length);
    },
    COMPILE_TIMEOUT,
  );
});

it(
  'a detector from a file of another tool has it, once its model states its boxes',
  async () => {
    const file = await exportOnnx(detector, { seed: 3 });
    const { model, weights } = await importOnnx(file, { name: 'imported' });
    const complete = { ...model, detection: detector.detection!, preprocess: detector.preprocess! };
    const { files } = await compile(complete, { weights, targets: ['typescript'] });
    const folder = newFolder();
    writePackage(folder, files);
    const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as ImagePackage;
    const loaded = await module.load();
    const all = { score: 0, overlap: 1 };
    const outputs = await loaded.forward({ image: module.preprocess(PICTURES[0]!) });
    expect(await loaded.detect(PICTURES[0], all)).toEqual(module.detect(outputs, all));
    expect(module.detect(outputs, all).length).toBeGreaterThan(0);
  },
  COMPILE_TIMEOUT,
);

it(
  'a package of several targets has them by the chosen one',
  async () => {
    const module = await importImages(classifier, targetNames);
    const [image] = PICTURES;
    for (const target of immediateTargetNames) {
      const model = await module.load({ target });
      const outputs = await model.forward({ image: module.preprocess(image!) });
      expect(model.classify(image, 2)).toEqual(module.topK(outputs['logits']!, 2));
    }
  },
  COMPILE_TIMEOUT,
);

it(
  'a package of several batches classifies with the smallest one',
  async () => {
    for (const target of immediateTargetNames) {
      const { files } = await compile(classifier, { seed: 3, batch: [1, 4], targets: [target] });
      const folder = newFolder();
      writePackage(folder, files);
      const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as ImagePackage;
      const model = await module.load();
      const { logits } = await model.forward({ image: module.preprocess(PICTURES[0]!) });
      expect(model.classify(PICTURES[0], 3)).toEqual(module.topK(logits!, 3));
    }
  },
  COMPILE_TIMEOUT,
);

it.each([
  ['several inputs', twoInputs],
  ['no preprocessing', parameterless],
])(
  'a package with %s has nothing of it',
  async (_, model) => {
    for (const target of targetNames) {
      const files = await compilePackage(model, 'model.ts', { targets: [target] });
      for (const name of ['index.ts', 'runtime.ts'])
        expect(files.get(name)).not.toMatch(/classify|addImageCalls|forwardImage|ImageSource/);
    }
  },
  COMPILE_TIMEOUT,
);
