/**
 * Images that only browsers have, on WebGPU in Chromium: `preprocess` gives the same bits as the CPU does for the
 * same canvas' pixels.
 */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { describeInChromium } from './chromium.ts';
import { compileLenet5 } from './lenet5.ts';
import { writePages } from './pages.ts';
import { createServers, STRICT } from './server.ts';

const newFolder = createFolders();
const serve = createServers();

/**
 * Every source holds the same opaque pixels: with alpha the canvas itself keeps too few bits. A page has elements as well,
 * a worker has not. The numbers come back through the GPU's own copy.
 */
const USE = `
  const canvas = new OffscreenCanvas(45, 61);
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(45, 61);
  pixels.data.forEach((_, i, data) => (data[i] = i % 4 === 3 ? 255 : (i * i * 31 + i * 7) >> 3));
  context.putImageData(pixels, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, 45, 61);
  const expected = preprocess(data, width, height);

  const sources = { pixels, canvas, bitmap: await createImageBitmap(canvas) };
  if (globalThis.document) {
    const element = document.createElement('canvas');
    Object.assign(element, { width, height }).getContext('2d').drawImage(canvas, 0, 0);
    sources.element = element;
    sources.image = new Image();
    sources.image.src = URL.createObjectURL(await canvas.convertToBlob());
    await sources.image.decode();
  }

  const model = await load();
  const { device } = model;
  const read = async (buffer) => {
    const staging = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return new Float32Array(staging.getMappedRange());
  };
  const wanted = await model.forward({ image: expected });
  const different = {};
  const answers = {};
  const differences = async (image) => {
    const numbers = await read(image);
    return expected.reduce((count, value, i) => count + (numbers[i] === value ? 0 : 1), 0);
  };
  for (const [name, source] of Object.entries(sources)) {
    const image = await model.preprocess(source);
    different[name] = await differences(image);
    const { logits } = await model.forward({ image });
    answers[name] = logits.every((value, i) => value === wanted.logits[i]);
  }
  sources.bitmap.close();
  const refused = [sources.bitmap, new Blob([])].map((image) => model.preprocess(image).catch(({ message }) => message));
  const layout = { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp: 0 };
  const frame = await model.preprocess(new VideoFrame(data, layout)).then(differences, ({ message }) => message);
  return { different, answers, refused: await Promise.all(refused), frame };`;

interface Answer {
  readonly different: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, boolean>>;
  readonly refused: readonly string[];
  readonly frame: number | string;
}

const NOT_COPIED =
  "lenet5.preprocess: the image cannot be read: Failed to execute 'copyExternalImageToTexture' on 'GPUQueue': " +
  'Failed to copy content from video element.';

const LOST = /^lenet5\.preprocess: the GPU device was lost/;

const IN_WORKER = ['pixels', 'canvas', 'bitmap'];

describeInChromium(
  'images on WebGPU in Chromium',
  (open) => {
    let origin: string;
    beforeAll(async () => {
      const folder = newFolder();
      await compileLenet5(folder, 'lenet5', ['--target', 'webgpu']);
      writePages(join(folder, 'use'), `import { load, preprocess } from '../lenet5/index.js';`, USE);
      // Pictures from blobs, which the strict policy forbids.
      origin = await serve(folder, { policy: `${STRICT}; img-src 'self' blob: data:` });
    }, COMPILE_TIMEOUT);

    it.each([
      ['page', [...IN_WORKER, 'element', 'image']],
      ['worker', IN_WORKER],
    ])('become the numbers of the CPU in a %s', async (place, names) => {
      const { answer, error } = await open(`${origin}use/${place}.html`);
      expect(error).toBeUndefined();
      const { different, answers, refused, frame } = answer as Answer;
      expect(different).toEqual(Object.fromEntries(names.map((name) => [name, 0])));
      expect(answers).toEqual(Object.fromEntries(names.map((name) => [name, true])));
      expect(refused[0]).toMatch(/^lenet5\.preprocess: an image of 0x0 has no pixels/);
      expect(refused[1]).toMatch(/^lenet5\.preprocess takes an image .*, got Blob$/);
      // Chromium on SwiftShader does not copy frames of videos: the copy is refused, or it loses the device.
      if (frame !== 0 && frame !== NOT_COPIED) expect(frame).toMatch(LOST);
    });
  },
  ['--enable-unsafe-webgpu'],
);
