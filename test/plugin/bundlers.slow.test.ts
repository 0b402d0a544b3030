/** Models imported through the plugin, in every bundler: the bundles compute in Chromium what packages compute in Node. */
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { describeInChromium, type Said } from '../browser/chromium.ts';
import { compileLenet5 } from '../browser/lenet5.ts';
import { runPages } from '../browser/pages.ts';
import { createServers, STRICT } from '../browser/server.ts';
import type { Cnnc } from '../../compiler/plugin/index.ts';
import { cnnc as runCommand } from '../cli/support.ts';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { packInto } from '../support/packed.ts';
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
import { importPlugin, writeApplication, writeModels } from './project.ts';

const newFolder = createFolders();
const serve = createServers();

let cnnc: Cnnc;
let models: string;
/** What packages of the command line compute. */
let expected: Said;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const installed = packInto(newFolder());
  cnnc = await importPlugin(installed);
  models = newFolder();
  await writeModels(models, installed);
  const packages = newFolder();
  await compileLenet5(packages, 'lenet5', ['--target', 'wasm']);
  const pets = ['compile', join(models, 'pets.onnx'), '--target', 'wasm', '--out', join(packages, 'pets')];
  expect((await runCommand(pets)).err).not.toContain('error');
  writeApplication(packages, './lenet5/index.js', './pets/index.js');
  expected = runPages(packages);
  expect(expected.answer).toMatchObject({ 0: 'wasm', length: 14 });
}, COMPILE_TIMEOUT);

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
    const dist = await bundle(cnnc, root);
    const folder = newFolder();
    cpSync(dist, folder, { recursive: true });
    rmSync(root, { recursive: true });
    const origin = await serve(folder, { base: '/some/app/', policy: STRICT });
    expect(await open(`${origin}page.html`)).toEqual(expected);
  });

  it('Vite, in a worker', async () => {
    const dist = await withVite(cnnc, newProject());
    expect(await open(`${await serve(dist, { policy: STRICT })}worker.html`)).toEqual(expected);
  });
});

describe('a build', () => {
  it.each(BUNDLERS)('%s takes the package from the cache, the second time', async (_, bundle) => {
    const root = newProject();
    await bundle(cnnc, root);
    const cache = join(root, 'node_modules', '.cache', 'cnnc');
    const records = readdirSync(cache).filter((name) => name.endsWith('.json'));
    expect(records).toHaveLength(2);
    const stamps = (): number[] => records.map((name) => statSync(join(cache, name)).mtimeMs);
    const before = { files: filesOf(join(root, 'dist')), stamps: stamps() };
    await bundle(cnnc, root);
    // A compile writes its record.
    expect({ files: filesOf(join(root, 'dist')), stamps: stamps() }).toEqual(before);
  });
});
