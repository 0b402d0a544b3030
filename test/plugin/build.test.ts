/** What a package of the plugin is made from: weights that the model names, labels, and the name of the model. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportOnnx } from 'cnnc';
import { buildPackage, type Build } from '../../compiler/plugin/build.ts';
import type { Found } from '../../compiler/plugin/cache.ts';
import { optionsOf, readPluginOptions } from '../../compiler/plugin/options.ts';
import { formatId, parseId } from '../../compiler/plugin/requests.ts';
import { createFolders } from '../support/folders.ts';
import { trainable } from '../support/packageModels.ts';

const newFolder = createFolders();

const said: string[] = [];

/** The build of an import in `src/main.js`. */
function buildOf(root: string, path: string, query: string): Build {
  const id = formatId(root, join(root, path), new URLSearchParams(query), join(root, 'src/main.js'));
  const request = parseId(root, id);
  const options = optionsOf(readPluginOptions(), root, request.file, request.query);
  const note = (line: string): void => void said.push(line);
  return { file: request.file, options, root, cacheFolder: 'cache', log: note, warn: note };
}

const PROGRAM = `
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildPackage } from ${JSON.stringify(join(process.cwd(), 'compiler/plugin/build.ts'))};
const lines = [];
const log = (line) => void lines.push(line);
const build = (options) => buildPackage({
  file: resolve('src/lenet5.ts'), root: process.cwd(), cacheFolder: 'cache', log, warn: log,
  options: { target: 'typescript', ...options },
});
const first = await build({});
const weights = readFileSync('src/weights/lenet5.safetensors');
writeFileSync('src/weights/lenet5.safetensors', weights.fill(0, weights.length - 4));
console.log(JSON.stringify([first, await build({}), await build({ seed: 2 }), lines]));
`;

describe('the plugin', () => {
  it('takes the weights that a model names, and compiles again when they change', () => {
    const root = newFolder();
    for (const name of ['lenet5.ts', 'shared/datasets.ts', 'weights/lenet5.safetensors'])
      cpSync(join('models', name), join(root, 'src', name));
    // In plain Node: the loader that reads a model file again is one of Node's.
    writeFileSync(join(root, 'build.mts'), PROGRAM);
    const args = ['--import', import.meta.resolve('tsx'), 'build.mts'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    const [first, second, drawn, lines] = JSON.parse(stdout || stderr) as [Found, Found, Found, string[]];
    expect(first.files).toContain(join(root, 'src/weights/lenet5.safetensors'));
    expect(readFileSync(join(first.folder, 'weights.safetensors'))).toEqual(
      readFileSync('generated/lenet5/weights.safetensors'),
    );
    expect(new Set([first, second, drawn].map((found) => found.folder)).size).toBe(3);
    expect(lines.filter((line) => line.includes('random'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('compiling'))).toHaveLength(3);
  });

  it('gives an ONNX file preprocessing, labels and the name of its folder', async () => {
    const root = newFolder();
    const file = 'src/pets/model.onnx';
    mkdirSync(join(root, 'src/pets'), { recursive: true });
    writeFileSync(join(root, file), await exportOnnx(trainable, { seed: 3 }));
    writeFileSync(join(root, 'src/pets.txt'), 'cat\ndog\nbird\n');
    const build = buildOf(root, file, 'target=typescript&preprocess=signed,size=8&labels=./pets.txt');
    const found = await buildPackage(build);
    expect(found.files).toContain(join(root, 'src/pets.txt'));
    const index = readFileSync(join(found.folder, 'index.js'), 'utf8');
    expect(index).toContain("name: 'pets',");
    expect(index).toContain("export const labels = ['cat', 'dog', 'bird']");
    expect(index).toMatch(/shortSide: 8,\s+mean: \[0\.5, 0\.5, 0\.5\]/);
    const refused = (query: string, message: string | RegExp) =>
      expect(async () => buildPackage(buildOf(root, file, query))).rejects.toThrow(message);
    await refused('labels=./none.txt', 'the file does not exist; the options of src/pets/model.onnx name it');
    await refused('labels=imagenet', 'labels: 1000 names, pets has 3 classes');
    await refused(
      'preprocess=unti',
      'cnnc plugin: the option preprocess: "unti" is not one of unit, signed,',
    );
  });
});
