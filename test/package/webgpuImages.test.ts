/**
 * Images on WebGPU, on Dawn and SwiftShader: the same bits as from `preprocess` on the CPU, refused images, and what
 * a call allocates. Images that only browsers have are in test/browser/webgpuImages.slow.test.ts.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create } from 'webgpu';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineModel } from '../../compiler/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { preprocess, type Preprocess } from '../../runtime/image.ts';
import type { GpuModel, GpuProgram } from '../../runtime/webgpu/model.ts';
import { addPreprocess, type GpuPreprocess } from '../../runtime/webgpu/image.ts';
import { PLANES_KERNEL, ROWS_KERNEL } from '../../runtime/webgpu/imageKernels.ts';
import type { Pixels } from '../../runtime/imagePixels.ts';
import { createFolders } from '../support/folders.ts';
import { bytesOf, describeOnGpu, runningDevice, validateShader, validatingDevice } from '../support/gpu.ts';
import { classifier, parameterless } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();

/** Dawn for a device of its own. The object is kept from the garbage collector. */
const dawn = create([]);
(globalThis as { keptByImagesTest?: GPU }).keptByImagesTest = dawn;

/** The same in every run; every byte takes all values, alpha is often at its ends. */
function picture(width: number, height: number, seed = 1): Pixels {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16;
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => {
    if (i % 4 !== 3) return next() & 255;
    return [0, 255, next() & 255][next() % 3]!;
  });
  return { data, width, height };
}

const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

type WithImages = GpuModel & GpuPreprocess;

/** A model that is never run. */
async function images(options: Preprocess, batch = 1, device?: GPUDevice): Promise<WithImages> {
  const planes = options.channels === 'gray' ? 1 : 3;
  const shape = [batch, planes, options.height, options.width];
  const bytes = shape.reduce((product, extent) => product * extent, 4);
  const range = { space: 'arena', offset: 0, bytes } as const;
  const program = { name: 'pets', inputs: [{ name: 'image', shape, place: range }] } as unknown as GpuProgram;
  const model = { device: device ?? (await runningDevice()), close() {} } as unknown as GpuModel;
  const made = addPreprocess(model, program, options);
  opened.push(made);
  return made;
}

const readBuffer = async (device: GPUDevice, buffer: GPUBuffer): Promise<Uint32Array> =>
  new Uint32Array(await bytesOf(device, buffer));

const cpu = ({ data, width, height }: Pixels, options: Preprocess): Uint32Array =>
  new Uint32Array(preprocess(data, width, height, options).buffer);

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof Error ? error.message : `no Error: ${String(error)}`),
  );

describe('the kernels of images', () => {
  it.each([
    ['rows', ROWS_KERNEL],
    ['planes', PLANES_KERNEL],
  ])('%s are WGSL', async (_, code) => {
    expect(await validateShader(await validatingDevice(), code)).toEqual([]);
    expect(await validateShader(await validatingDevice(), code.replace('vec3i', 'vec3j'))).not.toEqual([]);
  });
});

const NORMALIZED = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** Shrinking and enlarging, wide and high, odd margins, one size twice. */
const CASES: readonly (readonly [Preprocess, string])[] = [
  [{ width: 10, height: 12, channels: 'rgb' }, '37x23 5x9 12x12 200x31 200x31 13x64'],
  [{ width: 9, height: 7, channels: 'bgr', shortSide: 11, ...NORMALIZED }, '41x30 8x8 3x50'],
  [{ width: 17, height: 5, resize: 'stretch', channels: 'rgb', scale: 1 }, '1x1 64x3 17x5 16x90'],
  [{ width: 8, height: 9, resize: 'none', channels: 'bgr', scale: 1 }, '8x9 13x12 9x11'],
  [{ width: 14, height: 14, channels: 'gray', invert: true, mean: [0.13], std: [0.31] }, '28x45 7x6'],
  [{ width: 33, height: 21, resize: 'stretch', channels: 'gray' }, '301x257 2x3'],
  [{ width: 1, height: 1, channels: 'rgb', invert: true, ...NORMALIZED }, '255x254 1x3'],
];

describeOnGpu('images on WebGPU', () => {
  it.each(CASES)('become %j, bit for bit as on the CPU, of %s', async (options, sizes) => {
    const model = await images(options);
    for (const [i, size] of sizes.split(' ').entries()) {
      const [width, height] = size.split('x').map(Number) as [number, number];
      const image = picture(width, height, i + 1);
      const buffer = await model.preprocess(image);
      expect(await readBuffer(model.device, buffer), size).toEqual(cpu(image, options));
    }
  });

  it('are laid over white for every colour and alpha', async () => {
    // Blue is not green, so that a mix of both is seen.
    const data = Uint8Array.from({ length: 65536 * 4 }, (_, i) => {
      const [low, high] = [(i >> 2) & 255, i >> 10];
      return [low, 255 - low, low ^ 85, high][i & 3]!;
    });
    for (const channels of ['rgb', 'gray'] as const) {
      const options = { width: 256, height: 256, resize: 'none', channels, scale: 1 } as const;
      const model = await images(options);
      const image = { data, width: 256, height: 256 };
      const buffer = await model.preprocess(image);
      expect(await readBuffer(model.device, buffer)).toEqual(cpu(image, options));
    }
  });

  it('are taken when a call is made; calls of several sizes may overlap', async () => {
    const options: Preprocess = { width: 6, height: 5, channels: 'rgb' };
    const model = await images(options);
    const pictures = [picture(20, 10), picture(9, 30, 2), picture(20, 10, 3), picture(20, 10, 4)];
    const expected = pictures.map((one) => cpu(one, options));
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const calls = pictures.map((one) => {
      const out = model.device.createBuffer({ size: 6 * 5 * 3 * 4, usage });
      const call = model.preprocess(one, out);
      (one.data as Uint8ClampedArray).fill(0);
      return call.then((buffer) => (expect(buffer).toBe(out), out));
    });
    const found = await Promise.all(calls.map(async (call) => readBuffer(model.device, await call)));
    expect(found).toEqual(expected);
  });

  it('of a batch lie one after the other, whatever their sizes', async () => {
    const options: Preprocess = { width: 7, height: 5, channels: 'bgr', ...NORMALIZED };
    const model = await images(options, 2);
    const pair = [picture(31, 17), picture(8, 9, 2)];
    const buffer = await model.preprocess(pair);
    const expected = pair.flatMap((one) => [...cpu(one, options)]);
    expect([...(await readBuffer(model.device, buffer))]).toEqual(expected);
  });

  it('of part of a batch leave the rest of `out`', async () => {
    const options: Preprocess = { width: 7, height: 5, channels: 'rgb' };
    const model = await images(options, 3);
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const out = model.device.createBuffer({ size: 3 * 7 * 5 * 3 * 4, usage });
    const pair = [picture(31, 17), picture(8, 9, 2)];
    await model.preprocess(pair, out);
    const expected = [...pair.flatMap((one) => [...cpu(one, options)]), ...new Uint32Array(105)];
    expect([...(await readBuffer(model.device, out))]).toEqual(expected);
    expect(await refusal(model.preprocess([], out))).toBe(
      'pets.preprocess takes an array of 3 images, got 0',
    );
    const four = [...pair, ...pair];
    expect(await refusal(model.preprocess(four, out))).toBe(
      'pets.preprocess takes an array of 3 images, got 4',
    );
  });

  it.each([1, 3])('are taken as gray and as RGB: %i bytes a pixel', async (channels) => {
    for (const planes of ['gray', 'bgr'] as const) {
      const options: Preprocess = {
        width: 7,
        height: 5,
        channels: planes,
        ...(planes === 'bgr' && NORMALIZED),
      };
      const model = await images(options);
      const { data, width, height } = picture(19, 14);
      const image = { data: data.slice(0, width * height * channels), width, height };
      const buffer = await model.preprocess(image);
      expect(await readBuffer(model.device, buffer)).toEqual(cpu(image, options));
    }
  });

  it('take nothing but an encoder each, once there was one of their size', async () => {
    const model = await images({ width: 6, height: 5, channels: 'rgb' });
    const { device } = model;
    const first = await model.preprocess(picture(20, 10));
    const created = (
      ['createBuffer', 'createTexture', 'createBindGroup', 'createComputePipeline'] as const
    ).map((name) => vi.spyOn(device, name));
    const [written, encoders] = [
      vi.spyOn(device.queue, 'writeBuffer'),
      vi.spyOn(device, 'createCommandEncoder'),
    ];
    for (let seed = 2; seed < 5; seed++) expect(await model.preprocess(picture(20, 10, seed))).toBe(first);
    for (const one of [...created, written]) expect(one).not.toHaveBeenCalled();
    expect(encoders).toHaveBeenCalledTimes(3);
    vi.restoreAllMocks();
  });

  it('are refused before anything runs', async () => {
    const model = await images({ width: 6, height: 5, channels: 'rgb' });
    const submitted = vi.spyOn(model.device.queue, 'submit');
    const call = (image: unknown, out?: unknown): Promise<string> =>
      refusal(model.preprocess(image as Pixels, out as GPUBuffer));
    const start = 'pets.preprocess';
    const kinds =
      'HTMLCanvasElement, HTMLImageElement, HTMLVideoElement, ImageBitmap, OffscreenCanvas, VideoFrame';
    const wanted = `${start} takes an image (${kinds}, or 8-bit pixels as { data, width, height }), got`;
    for (const [image, name] of [
      [undefined, 'Undefined'],
      ['photo.png', 'String'],
      [new Uint8Array(8), 'Uint8Array'],
      [{ width: 2, height: 1 }, 'Object'],
    ])
      expect(await call(image)).toBe(`${wanted} ${name as string}`);
    const short = { data: new Uint8Array(59), width: 5, height: 4 };
    expect(await call(short)).toBe(
      `${start}: an image of 5x4 has 20, 60, 80 bytes (gray, RGB, RGBA), got 59`,
    );
    expect(await call({ ...short, data: new Float32Array(80) })).toBe(
      `${start}: \`data\` needs a Uint8Array or Uint8ClampedArray, got Float32Array`,
    );
    const empty = { data: new Uint8Array(0), width: 0, height: 3 };
    expect(await call(empty)).toBe(
      `${start}: an image of 0x3 has no pixels: load it before the call, and do not close it`,
    );
    expect(await call({ data: new Uint8Array(8) })).toMatch('an image of undefinedxundefined has no pixels');
    expect(await call({ data: new Uint8Array(4 * 9000), width: 9000, height: 1 })).toMatch(
      /^pets\.preprocess: an image of 9000x1 is too large, this GPU takes up to 8192x8192$/,
    );
    const pair = [picture(5, 4), picture(5, 4)];
    expect(await call(pair)).toBe(`${start} takes one image, got 2`);
    const one = picture(5, 4);
    expect(await call(one, new Float32Array(90))).toBe(`${start}: out \`image\` needs a GPUBuffer`);
    const buffer = (size: number, usage: number) => model.device.createBuffer({ size, usage });
    expect(await call(one, buffer(100, GPUBufferUsage.COPY_DST))).toBe(
      `${start}: out \`image\` needs a GPUBuffer of 360 bytes, got one of 100`,
    );
    expect(await call(one, buffer(360, GPUBufferUsage.COPY_SRC))).toBe(
      `${start}: out \`image\` needs a GPUBuffer with the usage COPY_DST`,
    );
    const two = await images({ width: 6, height: 5, channels: 'rgb' }, 2);
    expect(await refusal(two.preprocess(one))).toBe(`${start} takes an array of 2 images, got one`);
    expect(await refusal(two.preprocess([...pair, one]))).toBe(`${start} takes an array of 2 images, got 3`);
    const uncut = await images({ width: 6, height: 5, resize: 'none', channels: 'rgb' });
    expect(await refusal(uncut.preprocess(one))).toBe(
      'preprocess: an image of 5x4 becomes 5x4, too small to cut 6x5 out of it',
    );
    expect(submitted).not.toHaveBeenCalled();
    submitted.mockRestore();
  });

  it('that the GPU refuses are reported, and the next call works', async () => {
    const options: Preprocess = { width: 6, height: 5, channels: 'rgb' };
    const model = await images(options);
    const image = picture(20, 10);
    const gone = model.device.createBuffer({ size: 360, usage: GPUBufferUsage.COPY_DST });
    gone.destroy();
    expect(await refusal(model.preprocess(image, gone))).toMatch(
      /^pets\.preprocess: the GPU rejected the call: .*destroyed/,
    );
    const buffer = await model.preprocess(image);
    expect(await readBuffer(model.device, buffer)).toEqual(cpu(image, options));
  });

  it('are rejected when the device is lost', async () => {
    const device = await (await dawn.requestAdapter())!.requestDevice();
    const model = await images({ width: 6, height: 5, channels: 'rgb' }, 1, device);
    await model.preprocess(picture(20, 10));
    device.destroy();
    await device.lost;
    expect(await refusal(model.preprocess(picture(20, 10)))).toMatch(
      /^pets\.preprocess: the GPU device was lost; load the model again/,
    );
  });

  it('are rejected by a closed model', async () => {
    const model = await images({ width: 6, height: 5, channels: 'rgb' });
    const pending = refusal(model.preprocess(picture(20, 10)));
    model.close();
    expect(await pending).toBe('pets.preprocess: the model is closed');
    expect(await refusal(model.preprocess(picture(20, 10)))).toBe('pets.preprocess: the model is closed');
  });
});

const pairs = defineModel({
  ...{ name: 'pairs', inputs: { weight: [2, 3], image: [2, 3, 12, 10] } },
  preprocess: { width: 10, height: 12, channels: 'rgb', ...NORMALIZED },
  build: (net, { weight, image }) => ({ scores: net.mul(net.globalAveragePool(image), weight) }),
});

interface ImagePackage {
  readonly preprocess: (pixels: Uint8ClampedArray, width: number, height: number) => Float32Array;
  readonly topK: (scores: Float32Array, k: number) => readonly { readonly label: string }[];
  load(options: { device: GPUDevice }): Promise<{
    readonly device: GPUDevice;
    preprocess(images: Pixels | readonly Pixels[], out?: GPUBuffer): Promise<GPUBuffer>;
    forward(
      inputs: Readonly<Record<string, Float32Array | GPUBuffer>>,
    ): Promise<Record<string, Float32Array>>;
    close(): void;
  }>;
}

async function importImages(model: typeof classifier): Promise<ImagePackage> {
  const folder = join(newFolder(), 'package');
  writePackage(folder, await compilePackage(model, 'model.ts', { targets: ['webgpu'] }));
  return (await import(pathToFileURL(join(folder, 'index.js')).href)) as ImagePackage;
}

describeOnGpu('a package for WebGPU with preprocessing', () => {
  it(
    'takes images, and answers as to the numbers of the CPU',
    async () => {
      const { load, preprocess: onCpu, topK } = await importImages(classifier);
      const model = await load({ device: await runningDevice() });
      opened.push(model);
      for (const image of [picture(50, 31), picture(10, 12, 2)]) {
        const expected = await model.forward({
          image: onCpu(image.data as Uint8ClampedArray, image.width, image.height),
        });
        const found = await model.forward({ image: await model.preprocess(image) });
        expect(found).toEqual(expected);
        expect(topK(found['logits']!, 3)).toEqual(topK(expected['logits']!, 3));
      }
      // Not awaited in between: the queue keeps the order.
      const [one, other] = [picture(50, 31), picture(44, 31, 3)].map((image) => model.preprocess(image));
      expect(await one).toBe(await other);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'takes as many as its batch has, beside other inputs',
    async () => {
      const { load, preprocess: onCpu } = await importImages(pairs);
      const model = await load({ device: await runningDevice() });
      opened.push(model);
      const pair = [picture(50, 31), picture(20, 60, 2)];
      const weight = Float32Array.of(1, 2, 3, 4, 5, 6);
      const image = new Float32Array(
        pair.flatMap(({ data, width, height }) => [...onCpu(data as Uint8ClampedArray, width, height)]),
      );
      const expected = await model.forward({ weight, image });
      expect(await model.forward({ weight, image: await model.preprocess(pair) })).toEqual(expected);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'has nothing of it where the model declares none',
    async () => {
      const files = await compilePackage(parameterless, 'model.ts', { targets: ['webgpu'] });
      for (const name of ['index.ts', 'runtime.ts']) expect(files.get(name)).not.toMatch(/preprocess/i);
    },
    COMPILE_TIMEOUT,
  );
});
