/** A package for WebGPU in Chromium, on SwiftShader: in a page and in a module worker, through `navigator.gpu`. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { describeInChromium } from './chromium.ts';
import { compileLenet5, INPUTS } from './lenet5.ts';
import { writePages } from './pages.ts';
import { createServers, STRICT } from './server.ts';

const newFolder = createFolders();
const serve = createServers();

/** With arrays, with calls that overlap, and with buffers of the GPU; the TypeScript target's numbers beside them. */
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
  const lost = new Promise((report) => model.onLost(({ reason }) => report(reason)));
  model.device.destroy();
  return {
    target: model.info.target,
    kept: kept.logits.size,
    expected: [...expected.logits],
    answers: answers.map((numbers) => [...numbers]),
    lost: await lost,
    after: await model.forward({ image }).catch((error) => error.message),
  };`;

interface Answer {
  readonly target: string;
  readonly kept: number;
  readonly expected: readonly number[];
  readonly answers: readonly (readonly number[])[];
  readonly lost: string;
  readonly after: string;
}

describeInChromium(
  'a package for WebGPU in Chromium',
  (open) => {
    let origin: string;
    beforeAll(async () => {
      const folder = newFolder();
      await compileLenet5(folder, 'lenet5', ['--target', 'typescript,webgpu']);
      writePages(join(folder, 'use'), `import { load } from '../lenet5/index.js';`, USE);
      origin = await serve(folder, { policy: STRICT });
    }, COMPILE_TIMEOUT);

    it.each(['page', 'worker'])('in a %s computes what the TypeScript target does', async (place) => {
      const { answer, error } = await open(`${origin}use/${place}.html`);
      expect(error).toBeUndefined();
      const { target, kept, expected, answers, lost, after } = answer as Answer;
      expect([target, kept, lost]).toEqual(['webgpu', 40, 'destroyed']);
      expect(answers).toHaveLength(3);
      for (const numbers of answers)
        numbers.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4));
      expect(after).toMatch(/^lenet5\.forward: the GPU device was lost/);
    });
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
      expect(error).toMatch(/^lenet5: (this browser has no WebGPU|WebGPU is there, but has no adapter)/);
    },
    COMPILE_TIMEOUT,
  );
});
