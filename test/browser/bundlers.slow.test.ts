/**
 * Packages bundled by Vite, webpack, esbuild and Rollup without a plugin, loaded in Chromium under a strict policy, compute what
 * Node does.
 */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders } from '../support/folders.ts';
import { trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import {
  bundleIntoOneScript,
  bundleWithEsbuild,
  bundleWithRollup,
  bundleWithVite,
  bundleWithWebpack,
} from './bundlers.ts';
import { describeInChromium, type Said } from './chromium.ts';
import { runPages, writePages } from './pages.ts';
import { createServers, STRICT } from './server.ts';

const newFolder = createFolders();
const serve = createServers();

const FILES = ['kernels.wasm', 'kernels.relaxed.wasm', 'weights.safetensors'];

const INPUTS = `
  const image = Float32Array.from({ length: 432 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const label = Int32Array.of(0, 1, 2, 1);`;

/** Every target, each in a chunk of its own, with its trainer. */
const IMPORT_ALL = `import { info, load } from './all/index.js';`;
const USE_ALL = `${INPUTS}
  const answers = [];
  for (const target of info.targets) {
    const model = await load({ target });
    const trainer = await load({ target, training: true, learningRate: 0.01 });
    answers.push([model.info.target, ...model.forward({ image }).logits, trainer.trainStep({ image, label }).loss]);
  }
  return answers;`;

const useOne = (options: string): string => `${INPUTS}
  const model = await load(${options});
  return [model.info.target, ...model.forward({ image }).logits];`;

describeInChromium('a bundle', (open) => {
  let packages: string;
  beforeAll(async () => {
    packages = newFolder();
    const training = { optimizer: 'adam' } as const;
    const all = await compilePackage(trainable, 'model.ts', { targets: ['wasm', 'typescript'], training });
    writePackage(join(packages, 'all'), all);
    const inline = await compilePackage(trainable, 'model.ts', { targets: ['wasm'], inline: true });
    writePackage(join(packages, 'inline'), inline);
    for (const target of ['wasm', 'typescript'] as const) {
      const inside = await compilePackage(trainable, 'model.ts', {
        targets: [target],
        training,
        inline: 'all',
      });
      writePackage(join(packages, 'inside', target), inside);
    }
  }, COMPILE_TIMEOUT);

  /** A folder with the packages and the pages, and what Node says. */
  function project(imports: string, body: string): { root: string; node: Said } {
    const root = newFolder();
    cpSync(packages, root, { recursive: true });
    writePages(root, imports, body);
    return { root, node: runPages(root) };
  }

  /** Serves the built files only: the packages are gone. */
  async function served(root: string, dist: string, base: string): Promise<string> {
    const folder = newFolder();
    cpSync(dist, folder, { recursive: true });
    rmSync(root, { recursive: true });
    return serve(folder, { base, policy: STRICT });
  }

  describe('of Vite', () => {
    it.each([
      ['/', '/'],
      ['/some/app/', '/some/app/'],
      ['./', '/wherever/it/lies/'],
    ])('with base %s works below %s', async (base, place) => {
      const { root, node } = project(IMPORT_ALL, USE_ALL);
      const origin = await served(root, await bundleWithVite(root, base), place);
      expect(node.answer).toMatchObject([['wasm'], ['typescript']].map(([name]) => ({ 0: name })));
      expect(await open(`${origin}page.html`)).toEqual(node);
      expect(await open(`${origin}worker.html`)).toEqual(node);
    });
  });

  describe('of webpack', () => {
    it.each(['page', 'worker'])('works in a %s', async (page) => {
      const { root, node } = project(IMPORT_ALL, USE_ALL);
      const origin = await served(root, await bundleWithWebpack(root, page), '/some/app/');
      expect(await open(`${origin}${page}.html`)).toEqual(node);
    });
  });

  describe('of esbuild', () => {
    const IMPORT_WASM = `import { load } from './all/wasm/index.js';`;

    it('finds the files that are copied beside it, in a page and in a worker', async () => {
      const { root, node } = project(IMPORT_WASM, useOne('{}'));
      const dist = await bundleWithEsbuild(root, ['page', 'worker', 'work']);
      for (const name of FILES) cpSync(join(root, 'all', 'wasm', name), join(dist, name));
      const origin = await served(root, dist, '/some/app/');
      expect(await open(`${origin}page.html`)).toEqual(node);
      expect(await open(`${origin}worker.html`)).toEqual(node);
    });

    it('has the files inside where they are imported as bytes', async () => {
      const { node } = project(IMPORT_WASM, useOne('{ relaxedSimd: false }'));
      const root = newFolder();
      cpSync(packages, root, { recursive: true });
      const bytes = ['kernels.wasm', 'weights.safetensors'].map(
        (name) => `import ${name.split('.')[0]} from './all/wasm/${name}';`,
      );
      writePages(root, [IMPORT_WASM, ...bytes].join('\n'), useOne('{ kernels, weights }'));
      const loader = { '.wasm': 'binary', '.safetensors': 'binary' };
      const dist = await bundleWithEsbuild(root, ['page'], loader);
      expect(readdirSync(dist).filter((name) => !/\.(js|html)$/.test(name))).toEqual([]);
      expect(await open(`${await served(root, dist, '/')}page.html`)).toEqual(node);
    });

    it('needs the weights alone beside it where the kernels are inline', async () => {
      const { root, node } = project(`import { load } from './inline/index.js';`, useOne('{}'));
      const dist = await bundleWithEsbuild(root, ['page']);
      cpSync(join(root, 'inline', 'weights.safetensors'), join(dist, 'weights.safetensors'));
      expect(await open(`${await served(root, dist, '/')}page.html`)).toEqual(node);
    });
  });

  describe('of Rollup', () => {
    it('finds the files that are copied beside it', async () => {
      const { root, node } = project(`import { load } from './all/wasm/index.js';`, useOne('{}'));
      const dist = await bundleWithRollup(root, 'page');
      for (const name of FILES) cpSync(join(root, 'all', 'wasm', name), join(dist, name));
      expect(await open(`${await served(root, dist, '/some/app/')}page.html`)).toEqual(node);
    });

    it('needs no file where everything is inside', async () => {
      const { root, node } = project(`import { load } from './inside/wasm/index.js';`, useOne('{}'));
      const dist = await bundleWithRollup(root, 'page');
      expect(await open(`${await served(root, dist, '/')}page.html`)).toEqual(node);
    });
  });

  describe('that is one script, opened as a file', () => {
    const USE_ONE = `${INPUTS}
      const model = await load();
      const trainer = await load({ training: true, learningRate: 0.01 });
      return [model.info.target, ...model.forward({ image }).logits, trainer.trainStep({ image, label }).loss];`;

    /** Opens a page from its file, without a server. */
    const opened = (dist: string, page: string): Promise<Said> =>
      open(pathToFileURL(join(dist, `${page}.html`)).href);

    it.each(['wasm', 'typescript'])('runs and trains where everything is inside, for %s', async (target) => {
      const { root, node } = project(`import { load } from './inside/${target}/index.js';`, USE_ONE);
      const dist = await bundleIntoOneScript(root, 'page');
      expect(readdirSync(dist).sort()).toEqual(['bundle.js', 'page.html']);
      expect(node.answer).toMatchObject({ 0: target, length: 1 + 4 * 3 + 1 });
      expect(await opened(dist, 'page')).toEqual(node);
    });

    it('says what is missing where files are beside it', async () => {
      const { root } = project(`import { load } from './all/wasm/index.js';`, useOne('{}'));
      expect(await opened(await bundleIntoOneScript(root, 'page'), 'page')).toEqual({
        error:
          'trainable: cannot find the weights, because import.meta.url is missing here: ' +
          'pass them to load({ weights }), or compile the package with --inline all',
      });
    });
  });
});
