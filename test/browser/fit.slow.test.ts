/** `fit` in Chromium, in a page and in a worker: a run in IndexedDB continues without a trace, with the bits of Node. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders } from '../support/folders.ts';
import { trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import { describeInChromium } from './chromium.ts';
import { runPages, writePages } from './pages.ts';
import { createServers } from './server.ts';

const newFolder = createFolders();
const serve = createServers();

const FIT = `
  const examples = Array.from({ length: 22 }, (_, i) => ({
    image: Float32Array.from({ length: 108 }, (_, p) => ((i * 37 + p * 11) % 101) / 50 - 1),
    label: i % 3,
  }));
  const train = async (more = {}) => {
    const trainer = await load({ training: true, learningRate: 0.02 });
    const { ending, weights } = await trainer.fit({ examples, epochs: 3, augment: { flip: true }, ...more });
    return [ending, weights.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5)];
  };`;

const WHOLE = `${FIT}
  return train();`;

const STORED = `${FIT}
  const store = indexedDbStore('runs');
  const before = await store.load();
  const stop = new AbortController();
  let steps = 0;
  const [stopped] = await train({ store, signal: stop.signal, onStep: () => void (++steps === 8 && stop.abort()) });
  const { state } = await store.load();
  const resumed = await train({ store });
  const again = await train({ store });
  await train({ store, seed: 9 }).catch(({ message }) => (steps = message.split(';')[0]));
  await store.clear();
  return [before ?? 'nothing', stopped, state.epoch, state.step, resumed, again, steps, (await store.load()) ?? 'nothing'];`;

describeInChromium('fit in Chromium', (open) => {
  let folder: string;
  beforeAll(async () => {
    folder = newFolder();
    const training = { optimizer: 'adam' } as const;
    const files = await compilePackage(trainable, 'model.ts', { targets: ['wasm'], training });
    writePackage(join(folder, 'package'), files);
  }, COMPILE_TIMEOUT);

  it.each(['page', 'worker'])('in a %s continues what IndexedDB has kept', async (place) => {
    const origin = await serve(folder);
    const imports = `import { indexedDbStore, load } from '../package/index.js';`;
    writePages(join(folder, 'whole'), imports, WHOLE);
    writePages(join(folder, 'stored'), imports, STORED);
    const { answer: whole } = runPages(join(folder, 'whole'));
    const { answer } = await open(`${origin}stored/${place}.html`);
    expect(whole).toEqual(['finished', expect.any(Number)]);
    expect(answer).toEqual([
      'nothing',
      'stopped',
      ...[1, 2],
      whole,
      whole,
      'trainable.fit: the store holds a run with other examples or settings',
      'nothing',
    ]);
  });
});
