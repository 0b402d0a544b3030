/** Models imported through the plugin, in every bundler: the bundles compute in Chromium what packages compute in Node. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { describeInChromium, type Said } from '../browser/chromium.ts';
import { compileLenet5 } from '../browser/lenet5.ts';
import { runPages } from '../browser/pages.ts';
import { createServers, STRICT } from '../browser/server.ts';
import { cnnc } from '../cli/support.ts';
import { createFolders } from '../support/folders.ts';
import {
  filesOf,
  withEsbuild,
  withEsbuildIife,
  withRolldown,
  withRollup,
  withRollupIife,
  withVite,
  withWebpack,
  type Bundle,
} from './bundlers.ts';
import { writeApplication, writeModels } from './project.ts';

const newFolder = createFolders();
const serve = createServers();

let models: string;
/** What packages of the command line compute. */
let expected: Said;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  models = newFolder();
  await writeModels(models);
  const packages = newFolder();
  await compileLenet5(packages, 'lenet5', ['--target', 'wasm']);
  const pets = ['compile', join(models, 'pets.onnx'), '--target', 'wasm', '--out', join(packages, 'pets')];
  expect((await cnnc(pets)).err).not.toContain('error');
  writeApplication(packages, './lenet5/index.js', './pets/index.js');
  expected = runPages(packages);
  expect(expected.answer).toMatchObject({ 0: 'wasm', length: 14 });
});

function newProject(): string {
  const root = newFolder();
  cpSync(models, root, { recursive: true, verbatimSymlinks: true });
  writeApplication(root);
  return root;
}

const BUNDLERS: readonly (readonly [string, Bundle])[] = [
  ['Vite', withVite],
  ['Rollup', withRollup],
  ['Rollup, iife', withRollupIife],
  ['Rolldown', withRolldown],
  ['webpack', withWebpack],
  ['esbuild', withEsbuild],
  ['esbuild, iife', withEsbuildIife],
];

describeInChromium('a bundle with models', (open) => {
  it.each(BUNDLERS)('%s', async (_, bundle) => {
    const root = newProject();
    const dist = await bundle(root);
    const folder = newFolder();
    cpSync(dist, folder, { recursive: true });
    rmSync(root, { recursive: true });
    const origin = await serve(folder, { base: '/some/app/', policy: STRICT });
    expect(await open(`${origin}page.html`)).toEqual(expected);
  });

  it('Vite, in a worker', async () => {
    const dist = await withVite(newProject());
    expect(await open(`${await serve(dist, { policy: STRICT })}worker.html`)).toEqual(expected);
  });
});

describe('a build', () => {
  it.each(BUNDLERS)('%s takes the package from the cache, the second time', async (_, bundle) => {
    const root = newProject();
    await bundle(root);
    const before = filesOf(join(root, 'dist'));
    // Running the model again would fail.
    const [file, text] = [
      join(root, 'shared', 'datasets.ts'),
      readFileSync(join(root, 'shared', 'datasets.ts')),
    ];
    expect(file).toBeTruthy();
    writeFileSync(file, text);
    const loaded = vi.spyOn(await import('../../compiler/driver/compile.ts'), 'compile');
    await bundle(root);
    expect(loaded).not.toHaveBeenCalled();
    expect(filesOf(join(root, 'dist'))).toEqual(before);
  });
});
