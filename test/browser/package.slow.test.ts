/** Packages in Chromium, in a page and in a module worker: the same bits as in Node, for inference and for training. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { describeInChromium, describeWithBrowser, type Said } from './chromium.ts';
import { compileLenet5, INPUTS, readDigit } from './lenet5.ts';
import { runPages, writePages } from './pages.ts';
import { createServers, inChunks } from './server.ts';

const newFolder = createFolders();
const serve = createServers();

/** Both variants of the kernels, and every target by name. */
const FORWARD = `${INPUTS}
  const answers = [];
  for (const options of [{}, { relaxedSimd: false }, { target: 'typescript' }]) {
    const model = await load(options);
    answers.push([model.info.target, [...model.forward({ image }).logits]]);
  }
  return answers;`;

const TRAINING = `
  const image = Float32Array.from({ length: 4 * 1024 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const label = Int32Array.of(3, 1, 4, 1);
  const losses = [];
  for (const relaxedSimd of [true, false]) {
    const trainer = await load({ training: true, learningRate: 0.01, relaxedSimd });
    for (let step = 0; step < 10; step++) losses.push(trainer.trainStep({ image, label }).loss);
  }
  return losses;`;

describeInChromium('a package in Chromium', (open) => {
  let folder: string;
  let origin: string;
  beforeAll(async () => {
    folder = newFolder();
    await compileLenet5(folder, 'all', ['--target', 'all']);
    await compileLenet5(folder, 'inline', ['--target', 'wasm', '--inline']);
    await compileLenet5(folder, 'training', ['--target', 'wasm', '--train', '--batch', '4']);
    origin = await serve(folder);
  }, COMPILE_TIMEOUT);

  /** What the page, the worker and Node say, in this order. */
  async function everywhere(name: string, imports: string, body: string): Promise<readonly Said[]> {
    writePages(join(folder, name), imports, body);
    const pages = ['page', 'worker'].map((page) => open(`${origin}${name}/${page}.html`));
    return [...(await Promise.all(pages)), runPages(join(folder, name))];
  }

  it('for several targets computes the bits that it computes in Node', async () => {
    const said = await everywhere('forward', `import { load } from '../all/index.js';`, FORWARD);
    const [page, worker, node] = said;
    const answer = node!.answer as [string, number[]][];
    expect(answer.map(([target]) => target)).toEqual(['wasm', 'wasm', 'typescript']);
    expect(answer.map(([, logits]) => logits.length)).toEqual([10, 10, 10]);
    expect(page).toEqual(node);
    expect(worker).toEqual(node);
  });

  it.each(['all/wasm', 'inline'])('%s does alone', async (name) => {
    const { imports, body } = readDigit(`../${name}/index.js`);
    const [page, worker, node] = await everywhere(`one-${name.replace('/', '-')}`, imports, body);
    expect(node!.answer).toMatchObject({ target: 'wasm' });
    expect(page).toEqual(node);
    expect(worker).toEqual(node);
  });

  it('trains with the losses of Node', async () => {
    const said = await everywhere('train', `import { load } from '../training/index.js';`, TRAINING);
    const [page, worker, node] = said;
    const losses = node!.answer as number[];
    expect(losses).toHaveLength(20);
    expect(losses[9]).toBeLessThan(losses[0]!);
    expect(page).toEqual(node);
    expect(worker).toEqual(node);
  });
});

/** Loads a page twice, as two visits of a user, and waits until its requests have ended. */
async function visit(page: Page, url: string): Promise<string[]> {
  const failed: string[] = [];
  page.on('requestfailed', (request) => failed.push(`${request.url()}: ${request.failure()?.errorText}`));
  for (let i = 0; i < 2; i++) {
    await page.goto(url, { waitUntil: 'networkidle' });
    expect(await page.locator('output:not(:empty)').textContent()).toContain('"answer"');
  }
  return failed;
}

describeWithBrowser('the weights of a package', (browser) => {
  it.each([
    ['of a known length', {}],
    ['in chunks', { answers: { 'weights.safetensors': inChunks } }],
  ])(
    'are downloaded to their end, %s: Chromium logs no failed request',
    async (_, habits) => {
      const folder = newFolder();
      await compileLenet5(folder, 'net', ['--target', 'wasm']);
      const { imports, body } = readDigit('../net/index.js');
      writePages(join(folder, 'visits'), imports, body);
      const context = await browser().newContext();
      try {
        const origin = await serve(folder, habits);
        expect(await visit(await context.newPage(), `${origin}visits/page.html`)).toEqual([]);
      } finally {
        await context.close();
      }
    },
    COMPILE_TIMEOUT,
  );
});
