/** Models that name their weights: the path is relative to the file that calls `defineModel`, wherever it is loaded. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, createHost, exportOnnx } from '../../compiler/browser.ts';
import { pathBeside } from '../../compiler/frontend/place.ts';
import { writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { runtimeTexts } from '../../compiler/host/runtimeText.ts';
import { compile as compileInNode, defineModel, type ModelDefinition } from '../../compiler/index.ts';
import { createFolders } from '../support/folders.ts';

const newFolder = createFolders();

const WEIGHTS = writeSafetensors([
  { name: 'fc.weight', shape: [2, 4], data: new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]) },
  { name: 'fc.bias', shape: [2], data: new Float32Array([9, 10]) },
]);

const body = (weights: string): string => `defineModel({
  name: 'named',
  inputs: { x: [1, 4] },
  build: (net, { x }) => ({ y: net.linear('fc', x, { features: 2 }) }),
  weights: ${weights},
})`;

const BESIDE = "'./weights/a b#1.safetensors'";
const BY_URL = "new URL('./weights/a%20b%231.safetensors', import.meta.url)";
const ESM = `import { defineModel } from 'cnnc';\nexport default `;

describe('a model file that names its weights', () => {
  it.each([
    ['model.ts', 'module', ESM + body(BESIDE)],
    ['model.mjs', 'module', ESM + body(BY_URL)],
    ['model.ts', 'commonjs', ESM + body(BESIDE)],
    ['model.cts', 'commonjs', ESM + body(BESIDE)],
    ['model.cjs', 'commonjs', `const { defineModel } = require('cnnc');\nmodule.exports = ${body(BESIDE)}`],
  ])('%s in a project of type %s', (name, type, source) => {
    const folder = newFolder();
    mkdirSync(join(folder, 'nets/weights'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(folder, 'nets', name), source);
    writeFileSync(join(folder, 'nets/weights/a b#1.safetensors'), WEIGHTS);
    const command = join(process.cwd(), 'bin/cnnc.js');
    const args = [command, 'compile', `nets/${name}`, '--out', 'out'];
    const { stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('random');
    const numbers = readFileSync(join(folder, 'out/weights.safetensors'));
    expect(numbers.includes(Buffer.from(new Float32Array([9, 10]).buffer))).toBe(true);
  });
});

const definition = (weights: unknown): ModelDefinition<{ x: [1, 4] }> => ({
  name: 'named',
  inputs: { x: [1, 4] },
  build: (net, { x }) => ({ y: net.linear('fc', x, { features: 2 }) }),
  weights: weights as string,
});

describe('weights of a definition', () => {
  it('are beside the file that calls defineModel', () => {
    expect(defineModel(definition('w.pt')).weights).toBe(join(import.meta.dirname, 'w.pt'));
    expect(defineModel(definition('../w.pt')).weights).toBe(join(import.meta.dirname, '../w.pt'));
    const url = pathToFileURL('/nets/my w.pt');
    expect(defineModel(definition(url)).weights).toBe('/nets/my w.pt');
    expect(defineModel({ ...definition(undefined) }).weights).toBeUndefined();
  });

  it.each([7, '', {}, null])('are not %j', (weights) => {
    expect(() => defineModel(definition(weights))).toThrow(
      /weights is .*, expected a path relative to the model file, or a URL/,
    );
  });

  it.each([
    ['/nets/net.ts', './w.pt', '/nets/w.pt'],
    ['/my nets/50%/net.ts', '../w#1.pt', '/my nets/w#1.pt'],
    ['/nets/net.ts', '/other/w.pt', '/other/w.pt'],
    ['C:/nets/net.ts', 'w.pt', 'C:/nets/w.pt'],
    ['C:/nets/net.ts', 'D:\\w.pt', 'D:/w.pt'],
    ['https://example.org/nets/net.js', './w.pt', 'https://example.org/nets/w.pt'],
  ])('beside %s, %s is %s', (file, path, expected) => expect(pathBeside(file, path)).toBe(expected));
});

describe('compile() of a model that names its weights', () => {
  const folder = newFolder();
  const file = join(folder, 'w.safetensors');
  writeFileSync(file, WEIGHTS);
  const model = defineModel(definition(pathToFileURL(file)));

  it('reads them, unless other weights or a seed are given', async () => {
    const weightsOf = async (options: object) => {
      const { files, seed } = await compileInNode(model, options);
      return { bytes: files.get('weights.safetensors'), seed };
    };
    const own = await weightsOf({});
    expect(own).toEqual(await weightsOf({ weights: WEIGHTS }));
    expect(own.seed).toBeUndefined();
    const drawn = await weightsOf({ seed: 3 });
    expect(drawn.seed).toBe(3);
    expect(drawn.bytes).not.toEqual(own.bytes);
  });

  it('is refused where there are no files, unless it gets them', async () => {
    const host = createHost(runtimeTexts());
    const message =
      /the model names its weights, .*w\.safetensors, but this host has no files\n {2}pass their bytes/;
    await expect(compile(model, {}, host)).rejects.toThrow(message);
    await expect(exportOnnx(model)).rejects.toThrow(message);
    const { files } = await compile(model, { weights: WEIGHTS }, host);
    expect(files.get('weights.safetensors')).toEqual(
      (await compileInNode(model)).files.get('weights.safetensors'),
    );
    expect((await compile(model, { seed: 1 }, host)).seed).toBe(1);
  });
});
