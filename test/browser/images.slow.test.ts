/** Images that only browsers have: `preprocess` and `classify` in Chromium give the numbers of the same pixels. */
import { cpSync } from 'node:fs';
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
 * Every source holds the same opaque pixels: with alpha the canvas itself keeps too few bits. A page has elements as
 * well, a worker has not. A video need not keep colours exactly, so it is compared with what a canvas shows of it.
 */
const USE = `
  const canvas = new OffscreenCanvas(45, 61);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const pixels = context.createImageData(45, 61);
  pixels.data.forEach((_, i, data) => (data[i] = i % 4 === 3 ? 255 : ((i * i * 31 + i * 7) >> 3) & 255));
  context.putImageData(pixels, 0, 0);
  const { data, width, height } = pixels;

  const layout = { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp: 0 };
  const sources = { pixels, canvas, bitmap: await createImageBitmap(canvas), frame: new VideoFrame(data, layout) };
  if (globalThis.document) {
    const element = document.createElement('canvas');
    Object.assign(element, { width, height }).getContext('2d').drawImage(canvas, 0, 0);
    sources.element = element;
    sources.image = new Image(10, 10);
    sources.image.src = URL.createObjectURL(await canvas.convertToBlob());
    await sources.image.decode();
  }
  const expected = preprocess(data, width, height);
  const model = await load();
  const wanted = topK(model.forward({ image: expected }).logits, 5);
  const different = {};
  const answers = {};
  const differences = (numbers, others) => numbers.reduce((count, value, i) => count + (value === others[i] ? 0 : 1), 0);
  for (const [name, source] of Object.entries(sources)) {
    different[name] = differences(preprocess(source), expected);
    answers[name] = JSON.stringify(model.classify(source)) === JSON.stringify(wanted);
  }

  let video;
  if (globalThis.document) {
    const element = document.createElement('video');
    Object.assign(element, { muted: true, srcObject: sources.element.captureStream() });
    const drawFrame = () => sources.element.getContext('2d').putImageData(pixels, 0, 0);
    drawFrame();
    await element.play();
    let shown;
    // The first frames may be black.
    for (let tries = 0; tries < 50 && !(new Set(shown?.data).size > 50); tries++) {
      drawFrame();
      await new Promise((resolve) => setTimeout(resolve, 50));
      context.drawImage(element, 0, 0);
      shown = context.getImageData(0, 0, element.videoWidth, element.videoHeight);
    }
    video = [shown.width, shown.height, differences(preprocess(element), preprocess(shown)), new Set(shown.data).size > 50];
  }

  const refuse = (image) => {
    try {
      return model.classify(image);
    } catch ({ message }) {
      return message;
    }
  };
  sources.bitmap.close();
  const refused = [sources.bitmap, new Blob([])].map(refuse);
  if (globalThis.document) {
    const foreign = new Image();
    foreign.src = FOREIGN;
    await foreign.decode();
    refused.push(refuse(new Image()), refuse(foreign));
  }
  return { different, answers, refused, video };`;

interface Answer {
  readonly different: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, boolean>>;
  readonly refused: readonly string[];
  readonly video?: readonly unknown[];
}

const IN_WORKER = ['pixels', 'canvas', 'bitmap', 'frame'];
const IN_PAGE = [...IN_WORKER, 'element', 'image'];
const EMPTY =
  'lenet5.preprocess: an image of 0x0 has no pixels: load it before the call, and do not close it';

describeInChromium('images in Chromium', (open) => {
  const origins = new Map<string, string>();
  beforeAll(async () => {
    // Another port is another origin.
    const other = newFolder();
    const sample = join('models', 'images', 'three.png');
    cpSync(sample, join(other, 'three.png'));
    const foreign = await serve(other);
    for (const target of ['typescript', 'wasm']) {
      const folder = newFolder();
      await compileLenet5(folder, 'lenet5', ['--target', target]);
      const use = USE.replace('FOREIGN', JSON.stringify(`${foreign}three.png`));
      writePages(join(folder, 'use'), `import { load, preprocess, topK } from '../lenet5/index.js';`, use);
      const policy = `${STRICT}; img-src 'self' blob: data: ${foreign}; media-src 'self' blob: mediastream:`;
      origins.set(target, await serve(folder, { policy }));
    }
  }, COMPILE_TIMEOUT);

  it.each([
    ['typescript', 'page', IN_PAGE],
    ['typescript', 'worker', IN_WORKER],
    ['wasm', 'page', IN_PAGE],
    ['wasm', 'worker', IN_WORKER],
  ])('become the numbers of their pixels: %s in a %s', async (target, place, names) => {
    const { answer, error } = await open(`${origins.get(target)}use/${place}.html`);
    expect(error).toBeUndefined();
    const { different, answers, refused, video } = answer as Answer;
    expect(different).toEqual(Object.fromEntries(names.map((name) => [name, 0])));
    expect(answers).toEqual(Object.fromEntries(names.map((name) => [name, true])));
    expect(refused[0]).toBe(EMPTY);
    expect(refused[1]).toMatch(/^lenet5\.preprocess takes an image .*, got Blob$/);
    if (place === 'worker') return;
    expect(refused[2]).toBe(EMPTY);
    expect(refused[3]).toMatch(/^lenet5\.preprocess: the image cannot be read: it comes from another origin/);
    expect(video).toEqual([45, 61, 0, true]);
  });
});
