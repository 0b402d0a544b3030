/**
 * Packages for WebGPU in Chromium, on SwiftShader: in a page and in a module worker, through `navigator.gpu`, for inference
 * and for training.
 */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { describeInChromium } from './chromium.ts';
import { compileLenet5, INPUTS } from './lenet5.ts';
import { runPages, writePages } from './pages.ts';
import { createServers, STRICT } from './server.ts';

const newFolder = createFolders();
const serve = createServers();

/** With arrays, with calls that overlap, with buffers of the GPU, and by both families of kernels; the TypeScript target's numbers beside them. */
const USE = `${INPUTS}
  const expected = await (await load({ target: 'typescript' })).forward({ image });
  const model = await load({ target: 'webgpu' });
  const { logits } = await model.forward({ image });
  const zeros = model.forward({ image: new Float32Array(1024) });
  const again = model.forward({ image });
  await zeros;
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = model.device.createBuffer({ size: 4096, usage });
  model.device.queue.writeBuffer(buffer, 0, image);
  const kept = await model.forwardOnGpu({ image: buffer });
  const answers = [logits, (await again).logits, (await model.forward({ image: buffer })).logits];
  const tiled = await load({ target: 'webgpu', family: 'tiled' });
  answers.push((await tiled.forward({ image })).logits);
  const lost = new Promise((report) => model.onLost(({ reason }) => report(reason)));
  const pending = model.forward({ image }).catch((error) => error.message);
  model.device.destroy();
  return {
    target: model.info.target,
    families: [model.family, tiled.family],
    kept: kept.logits.size,
    expected: [...expected.logits],
    answers: answers.map((numbers) => [...numbers]),
    lost: await lost,
    pending: await pending,
    after: await model.forward({ image }).catch((error) => error.message),
  };`;

interface Answer {
  readonly target: string;
  readonly families: readonly string[];
  readonly kept: number;
  readonly expected: readonly number[];
  readonly answers: readonly (readonly number[])[];
  readonly lost: string;
  readonly pending: string;
  readonly after: string;
}

/** On WebGPU in a page, on the TypeScript target in Node, which has no GPU of its own. */
const TRAIN = `
  const image = Float32Array.from({ length: 4 * 1024 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const label = Int32Array.of(3, 1, 4, 1);
  const target = globalThis.navigator?.gpu ? 'webgpu' : 'typescript';
  const trainer = await load({ target, training: true, learningRate: 0.01, momentum: 0.9 });
  const losses = [];
  for (let step = 0; step < 10; step++) losses.push((await trainer.trainStep({ image, label })).loss);
  const { logits } = await trainer.predict({ image });
  const state = await trainer.saveState();
  await trainer.trainStep({ image, label });
  await trainer.loadState(state);
  const again = await trainer.predict({ image });
  return { target, losses, logits: [...logits], again: [...again.logits] };`;

interface Trained {
  readonly target: string;
  readonly losses: readonly number[];
  readonly logits: readonly number[];
  readonly again: readonly number[];
}

describeInChromium(
  'a package for WebGPU in Chromium',
  (open) => {
    let folder: string;
    let origin: string;
    beforeAll(async () => {
      folder = newFolder();
      await compileLenet5(folder, 'lenet5', ['--target', 'typescript,webgpu']);
      writePages(join(folder, 'use'), `import { load } from '../lenet5/index.js';`, USE);
      origin = await serve(folder, { policy: STRICT });
    }, COMPILE_TIMEOUT);

    it.each(['page', 'worker'])('in a %s computes what the TypeScript target does', async (place) => {
      const { answer, error } = await open(`${origin}use/${place}.html`);
      expect(error).toBeUndefined();
      const { target, families, kept, expected, answers, lost, pending, after } = answer as Answer;
      expect([target, kept, lost]).toEqual(['webgpu', 40, 'destroyed']);
      expect(families).toEqual(['blocked', 'tiled']);
      expect(answers).toHaveLength(4);
      for (const numbers of answers)
        numbers.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4));
      for (const words of [pending, after])
        expect(words).toMatch(/^lenet5\.forward: the GPU device was lost/);
    });

    it(
      "takes ten training steps with the TypeScript target's losses",
      async () => {
        await compileLenet5(folder, 'trains', ['--target', 'typescript,webgpu', '--train', '--batch', '4']);
        writePages(join(folder, 'train'), `import { load } from '../trains/index.js';`, TRAIN);
        const here = runPages(join(folder, 'train')).answer as Trained;
        const said = await Promise.all(
          ['page', 'worker'].map((place) => open(`${origin}train/${place}.html`)),
        );
        expect(here.target).toBe('typescript');
        expect(here.losses[9]).toBeLessThan(here.losses[0]! / 2);
        for (const { answer, error } of said) {
          expect(error).toBeUndefined();
          const { target, losses, logits, again } = answer as Trained;
          expect([target, losses.length]).toEqual(['webgpu', 10]);
          losses.forEach((loss, i) => expect(loss).toBeCloseTo(here.losses[i]!, 4));
          logits.forEach((value, i) => expect(value).toBeCloseTo(here.logits[i]!, 3));
          expect(again).toEqual(logits);
        }
      },
      COMPILE_TIMEOUT,
    );
  },
  ['--enable-unsafe-webgpu'],
);

describeInChromium('a package for WebGPU in a Chromium that has none', (open) => {
  it(
    'says so',
    async () => {
      const folder = newFolder();
      await compileLenet5(folder, 'lenet5', ['--target', 'webgpu']);
      const imports = `import { load } from '../lenet5/index.js';`;
      writePages(join(folder, 'use'), imports, 'return (await load()).info.target;');
      const { error } = await open(`${await serve(folder)}use/page.html`);
      expect(error).toMatch(/^lenet5: (this browser has no WebGPU|WebGPU finds no adapter)/);
    },
    COMPILE_TIMEOUT,
  );
});
