import { describe, expect, it } from 'vitest';
import type { DataSet } from '../../compiler/training/dataset.ts';
import { borderOf } from '../../compiler/training/border.ts';
import { loadData, splitName } from '../../compiler/training/data/loadData.ts';
import { fitExamples, stepsPerEpoch } from '../../compiler/training/fit.ts';
import { resizeData } from '../../compiler/training/resize.ts';
import { preprocess } from '../../runtime/image.ts';
import { createBatches, examplesOf, type BatchSettings } from '../../runtime/training/fit/batches.ts';
import { levelValues, placeImage, type ImageView } from '../../runtime/training/fit/images.ts';
import type { Example, FitPlan } from '../../runtime/training/fit/types.ts';
import { stripeData } from './support.ts';

const plan: FitPlan = {
  ...{ name: 'stripes', image: 'image', label: 'label', scores: 'logits' },
  ...{ batch: 4, extents: [1, 4, 4], classes: 3, countsExamples: true },
};

function batchesOf(data: DataSet, changed: Partial<BatchSettings> = {}, other: Partial<FitPlan> = {}) {
  const { normalization } = data;
  const settings = { ...fitExamples(data), normalization, seed: 1, lastBatch: 'skip' } as const;
  return createBatches({ ...plan, ...other }, { ...settings, ...changed });
}

/** The levels of a normalized image. */
const unnormalize = (image: Float32Array): number[] =>
  Array.from(image, (value) => Math.round((value * 0.3 + 0.3) * 255));

describe('batches', () => {
  it('show every example once in an epoch but for the rest, in another order in the next', async () => {
    const batches = batchesOf(stripeData(18, 3));
    expect([batches.trainSteps, batches.validationSteps]).toEqual([4, 1]);
    const epoch = async (number: number): Promise<string[]> => {
      const shown: string[] = [];
      for (let step = 0; step < batches.trainSteps; step++) {
        const { image, count } = await batches.train(number, step);
        for (let i = 0; i < count; i++) shown.push(unnormalize(image.subarray(i * 16, i * 16 + 16)).join());
      }
      return shown;
    };
    const [first, second] = [await epoch(0), await epoch(1)];
    expect(new Set(first).size).toBe(16);
    expect(second).not.toEqual(first);
    expect(await epoch(0)).toEqual(first);
  });

  it('carry the levels of the data set, normalized, with their labels', async () => {
    const data = stripeData(8, 5);
    const { image, label, count } = await batchesOf(data).validation(0);
    expect([count, [...label]]).toEqual([4, [0, 1, 2, 0]]);
    for (let i = 0; i < 4; i++) {
      expect(unnormalize(image.subarray(i * 16, i * 16 + 16))).toEqual([
        ...(data.validation.read(i) as Uint8Array),
      ]);
    }
  });

  it('fill the last batch of the validation up with zeros', async () => {
    const batches = batchesOf(stripeData(8, 5));
    await batches.validation(0);
    const { image, label, count } = await batches.validation(1);
    expect([batches.validationSteps, count, [...label]]).toEqual([2, 1, [1, 0, 0, 0]]);
    expect(image.subarray(16).every((value) => value === 0)).toBe(true);
    expect(image.subarray(0, 16).some((value) => value !== 0)).toBe(true);
  });

  it('augment training only, by the seed, the epoch and the example', async () => {
    const data = stripeData(8, 8);
    const augment = { flip: true, shift: 1 };
    const read = async (seed: number, epoch: number, step = 0) => [
      ...(await batchesOf(data, { seed, augment }).train(epoch, step)).image,
    ];
    const first = await read(1, 0);
    expect(await read(1, 0)).toEqual(first);
    expect(await read(2, 0)).not.toEqual(first);
    expect(await read(1, 1)).not.toEqual(first);
    const plain = await batchesOf(data).validation(0);
    expect(await batchesOf(data, { augment }).validation(0)).toEqual(plain);
  });

  it('refuse a batch that cannot be filled', () => {
    expect(() => stepsPerEpoch(stripeData(3, 3), 4)).toThrow(
      '--batch: the batch is 4, but stripes has only 3 training examples',
    );
    expect(() => batchesOf(stripeData(3, 3))).toThrow(
      'stripes.fit: the batch is 4, but there are only 3 examples',
    );
  });

  it('count the last examples of an epoch, and fill up with an image of them', async () => {
    const batches = batchesOf(stripeData(10, 3), { lastBatch: 'use' });
    expect(batches.trainSteps).toBe(3);
    const seen: string[] = [];
    for (let step = 0; step < 3; step++) {
      const { image, count } = await batches.train(0, step);
      expect(count).toBe(step < 2 ? 4 : 2);
      for (let i = 0; i < count; i++) seen.push(unnormalize(image.subarray(i * 16, i * 16 + 16)).join());
      for (let i = count; i < 4; i++)
        expect(image.subarray(i * 16, i * 16 + 16)).toEqual(image.subarray(0, 16));
    }
    expect(new Set(seen).size).toBe(10);
  });

  it('begin the epoch again where a step needs a whole batch', async () => {
    const whole = batchesOf(stripeData(10, 3), { lastBatch: 'use' }, { countsExamples: false });
    const first = [...(await whole.train(0, 0)).image];
    const { image, count } = await whole.train(0, 2);
    expect([whole.trainSteps, count]).toEqual([3, 4]);
    expect([...image.subarray(32)]).toEqual(first.slice(0, 32));
    const few = batchesOf(stripeData(3, 3), { lastBatch: 'use' }, { countsExamples: false });
    const labels = [...(await few.train(0, 0)).label];
    expect([few.trainSteps, labels.length, new Set(labels).size, labels[3]]).toEqual([1, 4, 3, labels[0]]);
  });

  it('take lists of numbers that are ready for the network, and augment them too', async () => {
    const numbers = Float32Array.from({ length: 16 }, (_, i) => i / 7);
    const list: readonly Example[] = [{ image: numbers, label: 2 }];
    const examples = examplesOf(list);
    const plain = batchesOf(stripeData(4, 3), { examples, validation: examples, lastBatch: 'use' });
    expect([...(await plain.train(0, 0)).image.subarray(0, 16)]).toEqual([...numbers]);
    const augment = { flip: true, shift: 0 };
    const seen = new Set<string>();
    const flipped = batchesOf(stripeData(4, 3), { examples, lastBatch: 'use', augment });
    for (let epoch = 0; epoch < 20; epoch++)
      seen.add((await flipped.train(epoch, 0)).image.subarray(0, 16).join());
    const rows = [0, 4, 8, 12].flatMap((row) => [...numbers.subarray(row, row + 4)].reverse());
    expect(seen).toEqual(new Set([numbers.join(), Float32Array.from(rows).join()]));
  });

  it.each<[string, readonly Example[], string]>([
    ['no examples', [], 'there are 0 examples, expected at least one'],
    [
      'a label that is no class',
      [{ image: new Float32Array(16), label: 3 }],
      'example 0 has the label 3, expected a class from 0 to 2',
    ],
  ])('refuse %s', (_, list, message) => {
    const examples = examplesOf(list);
    expect(() => batchesOf(stripeData(4, 3), { examples })).toThrow(`stripes.fit: ${message}`);
  });

  it('wait for images that come later, and fail with those that do not', async () => {
    const late = Promise.resolve(new Float32Array(16).fill(0.5));
    const examples = examplesOf([{ image: late, label: 1 }]);
    const batches = batchesOf(stripeData(4, 3), { examples, lastBatch: 'use' });
    expect((await batches.train(0, 0)).image.every((value) => value === 0.5)).toBe(true);
    const broken = examplesOf([{ image: Promise.reject(new Error('no image')), label: 1 }]);
    // An unhandled rejection would end the process here.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const refused = batchesOf(stripeData(4, 3), { examples: broken, lastBatch: 'use' });
    await expect(refused.train(0, 0)).rejects.toThrow('no image');
  });

  it('refuse an image of another size', async () => {
    const examples = examplesOf([{ image: new Float32Array(15), label: 0 }]);
    const batches = batchesOf(stripeData(4, 3), { examples, lastBatch: 'use' });
    await expect(batches.train(0, 0)).rejects.toThrow(
      'stripes.fit: the image of example 0 has 15 numbers, expected 16 (1x4x4)',
    );
  });
});

describe('placing an example', () => {
  const levels = [{ source: 0, values: Float32Array.from({ length: 256 }, (_, level) => level) }];
  const image = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const place = (border: number, view: Partial<ImageView> = {}): number[][] => {
    const [height, width] = [2 + 2 * border, 3 + 2 * border];
    const out = new Float32Array(height * width).fill(NaN);
    const whole = { flip: false, dx: 0, dy: 0, ...view };
    placeImage({ image, from: [1, 2, 3], to: [1, height, width], border, view: whole, levels }, out);
    return Array.from({ length: height }, (_, y) => [...out.subarray(y * width, (y + 1) * width)]);
  };

  it('copies, mirrors, shifts and pads', () => {
    expect(place(0)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(place(0, { flip: true })).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    expect(place(0, { dx: 1 })).toEqual([
      [2, 3, 0],
      [5, 6, 0],
    ]);
    expect(place(0, { dx: -2, dy: 1 })).toEqual([
      [0, 0, 4],
      [0, 0, 0],
    ]);
    expect(place(0, { flip: true, dx: 1, dy: -1 })).toEqual([
      [0, 0, 0],
      [0, 3, 2],
    ]);
    expect(place(1)).toEqual([
      [0, 0, 0, 0, 0],
      [0, 1, 2, 3, 0],
      [0, 4, 5, 6, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(place(1, { dy: 1, dx: 1 })).toEqual([
      [1, 2, 3, 0, 0],
      [4, 5, 6, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(place(0, { dx: 9, dy: -9 })).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('takes blue first for models that want it', () => {
    const rgb = Uint8Array.of(10, 20, 30, 40, 50, 60);
    const swapped = levelValues({ levels: { isBgr: true, scale: 1 }, extents: [3, 1, 2] });
    const out = new Float32Array(6);
    const view = { flip: false, dx: 0, dy: 0 };
    placeImage({ image: rgb, from: [3, 1, 2], to: [3, 1, 2], border: 0, view, levels: swapped }, out);
    expect([...out]).toEqual([50, 60, 30, 40, 10, 20]);
  });
});

describe('normalizing', () => {
  it('does what generated packages do, to the bit', () => {
    const options = {
      width: 16,
      height: 16,
      resize: 'none',
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    } as const;
    const pixels = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
    for (const channels of ['rgb', 'bgr'] as const) {
      const wanted = preprocess(pixels, 16, 16, { ...options, channels });
      const { mean, std } = options;
      const levels = { scale: 1 / 255, mean, std, isBgr: channels === 'bgr' };
      levelValues({ levels, extents: [3, 16, 16] }).forEach(({ values }, plane) =>
        expect(values).toEqual(wanted.slice(plane * 256, plane * 256 + 256)),
      );
    }
  });
});

describe('fitting a data set to a model', () => {
  const mnist = { name: 'mnist', extents: [1, 28, 28] } as const;
  it('puts an even border around smaller images', () => {
    expect([
      borderOf(mnist, [1, 28, 28]),
      borderOf(mnist, [1, 32, 32]),
      borderOf(mnist, [1, 36, 36]),
    ]).toEqual([0, 2, 4]);
  });

  it.each([[[3, 32, 32]], [[1, 31, 31]], [[1, 32, 30]], [[1, 24, 24]], [[1, 224, 224]]] as const)(
    'refuses a model of %j',
    (extents) => {
      expect(() => borderOf(mnist, extents)).toThrow(
        `the images of mnist are 1x28x28, the model takes ${extents.join('x')}`,
      );
    },
  );

  it('resizes as preprocess says, pixel by pixel', async () => {
    const data = stripeData(3, 2);
    const doubled = await resizeData(data, [1, 2, 2], (pixels, width, height) => {
      expect([pixels.length, width, height]).toEqual([16, 4, 4]);
      return Uint8Array.of(pixels[0]!, pixels[3]!, pixels[12]!, pixels[15]!);
    });
    const [from, to] = [data.train.read(2) as Uint8Array, doubled.train.read(2) as Uint8Array];
    expect([...to]).toEqual([0, 3, 12, 15].map((i) => from[i]));
    expect([doubled.extents, doubled.train.count, doubled.validation.count]).toEqual([[1, 2, 2], 3, 2]);
  });

  it('refuses labels that the model has no score for', () => {
    expect(() => loadData('mnist', { extents: [1, 28, 28], classes: 7 })).toThrow(
      '--data: mnist has the label 9, the model has 7 classes: 0 to 6',
    );
  });

  it('names what it knows', () => {
    expect(splitName('cifar10:a:b')).toEqual(['cifar10', 'a:b']);
    expect(() => splitName('minst')).toThrow('--data: there is no data set "minst", did you mean mnist?');
    expect(() => splitName('imagenet:DIR')).toThrow('expected mnist, mnist:DIR, cifar10:DIR or folder:DIR');
    const site = { extents: [3, 32, 32], classes: 10 } as const;
    expect(() => loadData('cifar10', site)).toThrow(
      '--data: cifar10 needs a folder, as in cifar10:data/cifar10',
    );
    expect(() => loadData('folder:x', site)).toThrow(
      'images from a folder need a model with `preprocess: { ... }`',
    );
  });
});
