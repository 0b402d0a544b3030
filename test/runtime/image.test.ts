import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../compiler/host/decodeImage.ts';
import { readSafetensors, toFloat32 } from '../../compiler/frontend/safetensors.ts';
import { preprocess, type Preprocess } from '../../runtime/image.ts';
import { topK } from '../../runtime/topK.ts';
import { decodeBmp, type RgbImage } from '../support/bmp.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';

const levels = (width: number, height: number, more: Partial<Preprocess> = {}): Preprocess => ({
  width,
  height,
  channels: 'rgb',
  scale: 1,
  ...more,
});

describe('preprocess', () => {
  const rgb = new Uint8Array([10, 20, 30, 40, 50, 60]);

  it('separates the planes in the order of the channels', () => {
    const run = (channels: Preprocess['channels']) => [
      ...preprocess(rgb, 2, 1, levels(2, 1, { channels, resize: 'none' })),
    ];
    expect(run('rgb')).toEqual([10, 40, 20, 50, 30, 60]);
    expect(run('bgr')).toEqual([30, 60, 20, 50, 10, 40]);
    // 0.299 R + 0.587 G + 0.114 B
    expect(run('gray')).toEqual([18, 48]);
  });

  it('tells gray, RGB and RGBA apart by the number of bytes', () => {
    const none = { resize: 'none' } as const;
    expect([...preprocess(new Uint8Array([7, 9]), 2, 1, levels(2, 1, none))]).toEqual([7, 9, 7, 9, 7, 9]);
    expect([
      ...preprocess(new Uint8Array([7, 9]), 2, 1, levels(2, 1, { ...none, channels: 'gray' })),
    ]).toEqual([7, 9]);
    const rgba = new Uint8ClampedArray([10, 20, 30, 255, 10, 20, 30, 0, 0, 255, 100, 51]);
    expect([...preprocess(rgba, 3, 1, levels(3, 1, none))]).toEqual([
      10, 255, 204, 20, 255, 255, 30, 255, 224,
    ]);
    expect(() => preprocess(new Uint8Array(5), 2, 1, levels(2, 1))).toThrow(
      'preprocess: an image of 2x1 has 2, 6, 8 bytes (gray, RGB, RGBA), got 5',
    );
    expect(() => preprocess(new Uint8Array(0), 0, 0, levels(2, 1))).toThrow('preprocess: an image of 0x0');
  });

  it('normalizes as torchvision does, in f32 steps', () => {
    const every = Uint8Array.from({ length: 256 }, (_, level) => level);
    const options = {
      width: 256,
      height: 1,
      channels: 'gray',
      resize: 'none',
      mean: [0.485],
      std: [0.229],
    } as const;
    const f = Math.fround;
    const expected = Float32Array.from(every, (level) => f(f(level / 255) - f(0.485)) / f(0.229));
    expect(preprocess(every, 256, 1, options)).toEqual(expected);
    const inverted = preprocess(every, 256, 1, { ...options, invert: true });
    expect(inverted).toEqual(expected.toReversed());
  });

  it('writes into `out` and returns it', () => {
    const out = new Float32Array(6);
    expect(preprocess(rgb, 2, 1, levels(2, 1, { resize: 'none' }), out)).toBe(out);
    expect([...out]).toEqual([10, 40, 20, 50, 30, 60]);
    expect(() => preprocess(rgb, 2, 1, levels(2, 1), new Float32Array(5))).toThrow(
      'preprocess: `out` needs 6 numbers, got 5',
    );
  });

  it('keeps a constant image constant at every size', () => {
    const gray = new Uint8Array(37 * 23).fill(255);
    for (const [width, height] of [
      [5, 7],
      [64, 3],
      [100, 90],
      [1, 1],
    ] as const) {
      const options = levels(width, height, { resize: 'stretch', channels: 'gray' });
      expect(new Set(preprocess(gray, 37, 23, options))).toEqual(new Set([255]));
    }
  });

  it('weighs by the triangle, widened when it shrinks', () => {
    const row = new Uint8Array([0, 100, 200, 40]);
    const run = (width: number) => [
      ...preprocess(row, 4, 1, levels(width, 1, { resize: 'stretch', channels: 'gray' })),
    ];
    // Centre 1, support 2: taps 0.75 0.75 0.25 of 1.75; centre 3 likewise from the right.
    expect(run(2)).toEqual([Math.round((75 + 50) / 1.75), Math.round((25 + 150 + 30) / 1.75)]);
    // Twice as wide: three quarters of the nearer, a quarter of the other.
    expect(run(8)).toEqual([0, 25, 75, 125, 175, 160, 80, 40]);
  });

  it('cuts the centre out: torchvision’s rounding of sizes and margins', () => {
    const ramp = Uint8Array.from({ length: 9 }, (_, i) => i * 10);
    const cut = (image: Uint8Array, width: number, keep: number) => [
      ...preprocess(image, width, 1, levels(keep, 1, { resize: 'none', channels: 'gray' })),
    ];
    expect(cut(ramp, 9, 5)).toEqual([20, 30, 40, 50, 60]);
    // Margins of 1 and 5 halve to 0 and 2, of 3 to 2: half to even.
    expect(cut(ramp, 9, 8)[0]).toBe(0);
    expect(cut(ramp, 9, 4)[0]).toBe(20);
    expect(cut(ramp, 9, 6)[0]).toBe(20);
  });

  it('resizes the short side to `shortSide`, by default to the larger extent', () => {
    const image = Uint8Array.from({ length: 60 * 30 }, (_, i) => (i * 37) & 255);
    const gray = { channels: 'gray' } as const;
    const whole = preprocess(image, 60, 30, levels(32, 16, { ...gray, resize: 'stretch' }));
    const centre = preprocess(image, 60, 30, levels(8, 8, { ...gray, shortSide: 16 }));
    const expected = Array.from({ length: 64 }, (_, i) => whole[((i >> 3) + 4) * 32 + (i & 7) + 12]!);
    expect([...centre]).toEqual(expected);
    expect(preprocess(image, 60, 30, levels(20, 10, gray))).toEqual(
      preprocess(image, 60, 30, levels(20, 10, { ...gray, shortSide: 20 })),
    );
  });

  it.each([
    [
      levels(4, 4, { resize: 'none' }),
      'preprocess: an image of 2x1 becomes 2x1, too small to cut 4x4 out of it',
    ],
    [
      levels(4, 4, { shortSide: 3 }),
      'preprocess: an image of 2x1 becomes 6x3, too small to cut 4x4 out of it',
    ],
    [levels(0, 4), 'preprocess: width, height and shortSide must be whole numbers above 0'],
    [
      levels(2, 1, { shortSide: 1.5 }),
      'preprocess: width, height and shortSide must be whole numbers above 0',
    ],
    [levels(2, 1, { mean: [0.5] }), 'preprocess: mean needs 3 numbers for rgb, got [0.5]'],
    [levels(2, 1, { std: [1, NaN, 1] }), 'preprocess: std needs 3 numbers for rgb, got [1, NaN, 1]'],
    [levels(2, 1, { std: [1, 0, 1] }), 'preprocess: std must not be 0'],
  ])('refuses options %#', (options, message) => {
    expect(() => preprocess(rgb, 2, 1, options)).toThrow(new Error(message));
  });
});

describe('topK', () => {
  it('ranks by softmax, of equals the lower index first', () => {
    const ranked = topK(new Float32Array([1, 3, 1, 2]), 3, ['a', 'b', 'c', 'd']);
    expect(ranked.map(({ index, label }) => [index, label])).toEqual([
      [1, 'b'],
      [3, 'd'],
      [0, 'a'],
    ]);
    const sum = Math.exp(-2) + 1 + Math.exp(-2) + Math.exp(-1);
    expect(ranked[0]!.probability).toBeCloseTo(1 / sum, 14);
    expect(topK([1000, 1001], 9).map(({ probability }) => probability)).toEqual([
      expect.closeTo(1 / (1 + Math.exp(-1)), 12),
      expect.closeTo(1 / (1 + Math.E), 12),
    ]);
  });

  it('takes probabilities as they are', () => {
    expect(topK([0.25, 0.75], 1, undefined, { probabilities: true })).toEqual([
      { index: 1, label: '1', probability: 0.75 },
    ]);
  });

  it('refuses wrong arguments', () => {
    expect(() => topK([1], 0)).toThrow('topK: k must be a whole number of at least 1, got 0');
    expect(() => topK([1, 2], 1, ['a'])).toThrow('topK: there are 2 values but 1 labels');
    expect(() => topK([1, NaN], 1)).toThrow('topK: value 1 is NaN');
  });
});

const loadPhoto = async (photo: string): Promise<RgbImage> => {
  const file = testdata(`data/photos/${photo}`);
  return photo.endsWith('.bmp') ? decodeBmp(readFileSync(file)) : decodeImage(file);
};

const loadExpected = (net: string) =>
  readSafetensors(readFileSync(testdata(`nets/${net}/expected.safetensors`)), net).tensors;

/** How many of the values differ between planes `got` and pixels `wanted`, `[side,side,3]`. */
const countDifferent = (got: Float32Array, wanted: Uint8Array, side: number): number =>
  got.reduce((count, value, i) => {
    const [plane, at] = [Math.floor(i / (side * side)), i % (side * side)];
    return count + (value === wanted[at * 3 + plane] ? 0 : 1);
  }, 0);

describeWithTestdata('preprocess against PIL', () => {
  const photosOf = {
    'imagenet-darknet-tiny': ['chelsea.png', 'coffee.png', 'bird.bmp', 'parrot.jpg', 'dragonfly.bmp'],
    'vww-mobilenet0.25-96': ['astronaut.png', 'chelsea.png', 'coffee.png', 'bird.bmp'],
  };
  const cases = Object.entries(photosOf).flatMap(([net, photos]) =>
    photos.map((photo, index) => ({ net, photo, index, side: net.includes('96') ? 96 : 224 })),
  );

  /** The recipe of these files differs from torchvision's: the long side is rounded, odd margins are floored. */
  const cropAsTheFilesDo = (image: RgbImage, side: number): Float32Array => {
    const scale = side / Math.min(image.width, image.height);
    const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
    const whole = preprocess(
      image.pixels,
      image.width,
      image.height,
      levels(width, height, { resize: 'stretch' }),
    );
    const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
    return Float32Array.from({ length: 3 * side * side }, (_, i) => {
      const [plane, y, x] = [Math.floor(i / (side * side)), Math.floor(i / side) % side, i % side];
      return whole[(plane * height + top + y) * width + left + x]!;
    });
  };

  it.each(cases)(
    'resamples $photo for $net to the same 8-bit levels',
    async ({ net, photo, index, side }) => {
      const wanted = loadExpected(net)
        .get('image_u8')!
        .bytes.subarray(index * side * side * 3);
      expect(countDifferent(cropAsTheFilesDo(await loadPhoto(photo), side), wanted, side)).toBe(0);
    },
  );

  // Where the two recipes agree on sizes and margins.
  const agreeing = cases.filter(
    ({ net, photo }) =>
      !['imagenet-darknet-tiny chelsea.png', 'vww-mobilenet0.25-96 bird.bmp'].includes(`${net} ${photo}`),
  );
  it.each(agreeing)('crops $photo for $net to the same levels', async ({ net, photo, index, side }) => {
    const { pixels, width, height } = await loadPhoto(photo);
    const wanted = loadExpected(net)
      .get('image_u8')!
      .bytes.subarray(index * side * side * 3);
    expect(countDifferent(preprocess(pixels, width, height, levels(side, side)), wanted, side)).toBe(0);
  });

  it.each([
    ['vww-mobilenet0.25-96', 'input_0', { width: 96, height: 96, channels: 'rgb' }],
    [
      'ultraface-slim-320',
      'input',
      {
        width: 320,
        height: 240,
        resize: 'stretch',
        channels: 'rgb',
        scale: 1,
        mean: [127, 127, 127],
        std: [128, 128, 128],
      },
    ],
  ] as const)('gives the f32 input of %s, bit for bit', async (net, name, options) => {
    const { pixels, width, height } = await loadPhoto('astronaut.png');
    const wanted = toFloat32(loadExpected(net).get(name)!);
    const got = preprocess(pixels, width, height, options);
    expect(got.length).toBe(wanted.length);
    expect(got.findIndex((value, i) => value !== wanted[i])).toBe(-1);
  });
});
