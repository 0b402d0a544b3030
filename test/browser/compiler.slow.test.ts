/** The compiler in Chromium, bundled for browsers as it is: every byte of its packages is the one that Node writes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, exportOnnx, importModel, type CompileOptions, type Model } from '../../compiler/index.ts';
import lenet5 from '../../models/lenet5.ts';
import { createFolders } from '../support/folders.ts';
import { projectRoot } from '../support/imports.ts';
import { classifier } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { firstWeights } from '../support/weights.ts';
import { describeInChromium } from './chromium.ts';
import {
  contentsOf,
  firstDifference,
  writeCompiler,
  writeCompilerPage,
  writeModel,
  type Contents,
  type PageAnswer,
} from './compilerPages.ts';
import { importPets } from './importPets.ts';
import { createServers } from './server.ts';

const newFolder = createFolders();
const serve = createServers();

const WEIGHTS = readFileSync(join(projectRoot, 'models/weights/lenet5.safetensors'));
const LENET5 = `{
    model: (await import('./models/lenet5.ts')).default,
    weights: await bytesOf('lenet5.safetensors'),
  }`;
const ONNX = `await (await import('./test/browser/importPets.ts')).importPets(async () => {
    const bytes = await bytesOf('pets.onnx');
    return importModel({ bytes, file: 'pets' });
  })`;

/** Beside the bundle, at their own paths. */
const MODULES = ['models/lenet5.ts', 'models/shared/datasets.ts', 'test/browser/importPets.ts'];
const targets = ['typescript', 'wasm', 'webgpu'] as const;

describeInChromium('the compiler in Chromium', (open) => {
  let folder: string;
  let origin: string;
  beforeAll(async () => {
    folder = newFolder();
    await writeCompiler(folder);
    for (const file of MODULES) writeModel(folder, file);
    writeFileSync(join(folder, 'lenet5.safetensors'), WEIGHTS);
    origin = await serve(folder, { types: { '.ts': 'text/javascript' } });
  }, COMPILE_TIMEOUT);

  /** What the page compiles, once it is found to be what Node compiles. */
  async function compileTwice(
    name: string,
    given: string,
    options: CompileOptions,
    node: { readonly model: Model; readonly weights: Uint8Array },
  ): Promise<Contents> {
    writeCompilerPage(folder, name, given, options);
    const { files } = await compile(node.model, { ...options, weights: node.weights });
    const { answer, error } = await open(`${origin}${name}.html`, COMPILE_TIMEOUT);
    expect(error).toBeUndefined();
    const { contents } = answer as PageAnswer;
    expect(firstDifference(contents, contentsOf(files))).toBeUndefined();
    return contents;
  }

  it('writes the package of LeNet-5 for all targets, with places in its model file', async () => {
    const node = { model: lenet5, weights: WEIGHTS };
    const contents = await compileTwice('inference', LENET5, { targets }, node);
    const names = contents.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(targets.map((target) => `${target}/index.js`)));
    expect(contents.some(([, text]) => text.includes('models/lenet5.ts:20'))).toBe(true);
  });

  it('writes the package that trains it', async () => {
    const options: CompileOptions = { targets, batch: 4, training: { optimizer: 'adam' } };
    const node = { model: lenet5, weights: WEIGHTS };
    const contents = await compileTwice('training', LENET5, options, node);
    expect(contents.some(([, text]) => text.includes('trainStep'))).toBe(true);
  });

  it('reads an ONNX file and writes its package', async () => {
    const bytes = await exportOnnx(classifier, { weights: firstWeights(classifier) });
    writeFileSync(join(folder, 'pets.onnx'), bytes);
    const node = await importPets(() => importModel(bytes, { name: 'pets' }));
    const contents = await compileTwice('onnx', ONNX, { targets }, node);
    expect(contents.some(([name]) => name.endsWith('.wasm'))).toBe(true);
  });
});

describe('the comparison', () => {
  const expected: Contents = [
    ['a.js', 'one\ntwo'],
    ['b.wasm', '00ff'],
  ];

  it('names the first file and line that differ', () => {
    const change = (i: number, name: string, text: string) =>
      firstDifference(expected.with(i, [name, text]), expected);
    expect(firstDifference(expected, expected)).toBeUndefined();
    expect(change(0, 'a.js', 'one\n2')).toBe('a.js:2 is "2", not "two"');
    expect(change(0, 'a.js', 'one\ntwo\nthree')).toBe('a.js:3 is "three", not undefined');
    expect(change(0, 'a.js', 'one')).toBe('a.js:2 is undefined, not "two"');
    expect(change(1, 'b.wasm', '00fe')).toBe('b.wasm:1 is "00fe", not "00ff"');
    expect(change(1, 'c.wasm', '00ff')).toBe('file 2 is c.wasm, not b.wasm');
    expect(firstDifference(expected.slice(1), expected)).toBe('file 1 is b.wasm, not a.js');
    expect(firstDifference(expected.slice(0, 1), expected)).toBe('file 2 is undefined, not b.wasm');
  });
});
