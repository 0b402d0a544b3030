/**
 * Golden packages of small models: `golden/<case>/model.ts` and the files that the compiler writes for it. The tests
 * compare the list of files, the text of those that a person reads, and what the package computes.
 *
 *     UPDATE_GOLDEN=1 npx vitest run test/golden.test.ts       writes `expected/` again
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from 'cnnc';
import { loadModel } from '../compiler/host/loadModel.ts';
import type { PackageFiles } from '../compiler/emit/model.ts';
import type { TargetName } from '../compiler/targets/index.ts';
import { writePackage } from '../compiler/host/writePackage.ts';
import { describeOnGpu, runningDevice } from './support/gpu.ts';
import { describeDifferences, maxRelativeError } from './support/numbers.ts';
import {
  COMPILE_TIMEOUT,
  compilePackage,
  importPackage,
  oracleOutputs,
  randomInputs,
  type Tensors,
  TOLERANCES,
} from './support/packages.ts';

const root = fileURLToPath(new URL('golden/', import.meta.url));
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Which files a package has: the others are copies or made from these. */
const FILE_LIST = 'files.txt';
const READABLE = ['forward.ts', 'graph.txt', 'index.ts', 'kernels.ts', 'memory.ts'];
const READABLE_ON: Partial<Readonly<Record<TargetName, readonly string[]>>> = {
  wasm: [...READABLE, 'README.md', 'kernels.wat', 'layers.json', 'package.json'],
  webgpu: [...READABLE, 'README.md'],
};

/** What stands beside a model: `expected` for the TypeScript target, `expected.wasm` for another. */
const FOLDERS: Readonly<Record<string, TargetName>> = {
  expected: 'typescript',
  'expected.wasm': 'wasm',
  'expected.webgpu': 'webgpu',
};

const names = readdirSync(root).sort();
const cases = names.flatMap((name) =>
  readdirSync(join(root, name))
    .sort()
    .flatMap((folder) => (FOLDERS[folder] ? [{ name, folder, target: FOLDERS[folder] }] : [])),
);

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'cnnc-golden-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

describe.each(cases)('$name for $target', ({ name, folder: place, target }) => {
  const expected = join(root, name, place);
  const readable = READABLE_ON[target] ?? READABLE;
  let model: Model;
  let files: PackageFiles;

  beforeAll(async () => {
    // From the project's root, as the command line is used: headers and origins name this path.
    const source = `test/golden/${name}/model.ts`;
    model = await loadModel(source);
    files = await compilePackage(model, source, { targets: [target] });
    if (isUpdate) writeExpected(expected, files, readable);
  }, COMPILE_TIMEOUT);

  it('has the expected files', () => {
    expect([...files.keys()].sort()).toEqual(read(expected, FILE_LIST).trimEnd().split('\n'));
  });

  it('has no expectation without a file', () => {
    expect(readdirSync(expected).sort()).toEqual([FILE_LIST, ...readable].sort());
  });

  it.each(readable)('%s', (file) => {
    expect(files.get(file)).toBe(read(expected, file));
  });

  const describeRun = target === 'webgpu' ? describeOnGpu : describe;
  describeRun('run', () => it('computes what the oracle does', () => checkRun()));

  async function checkRun(): Promise<void> {
    const folder = join(scratch, name, target);
    writePackage(folder, files);
    const device = target === 'webgpu' ? { device: await runningDevice() } : {};
    const loaded = await (await importPackage(folder)).load(device);
    const inputs = randomInputs(model);
    const oracle = oracleOutputs(model, inputs);
    const forward: (given: Tensors) => Tensors | Promise<Tensors> = loaded.forward;
    const outputs = await forward(inputs);
    expect(Object.keys(outputs)).toEqual(Object.keys(oracle));
    for (const [output, numbers] of Object.entries(oracle)) {
      const message = `${output}: ${describeDifferences(outputs[output]!, numbers, TOLERANCES[target])}`;
      expect(maxRelativeError(outputs[output]!, numbers), message).toBeLessThanOrEqual(TOLERANCES[target]);
    }
  }
});

it('every folder is a case: a model, and nothing beside it but what is expected', () => {
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const known = [...Object.keys(FOLDERS), 'model.ts'];
    const files = readdirSync(join(root, name));
    expect(files, name).toEqual(expect.arrayContaining(['expected', 'model.ts']));
    expect(
      files.filter((file) => !known.includes(file)),
      name,
    ).toEqual([]);
  }
});

const read = (folder: string, file: string): string =>
  existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : `(there is no ${file})`;

function writeExpected(folder: string, files: PackageFiles, readable: readonly string[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, FILE_LIST), `${[...files.keys()].sort().join('\n')}\n`);
  for (const file of readable) writeFileSync(join(folder, file), files.get(file)!);
}
