/** An application with models, in a folder of its own, where an installed cnnc is found. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportOnnx } from '../../compiler/index.ts';
import type { Cnnc } from '../../compiler/plugin/index.ts';
import { writePages } from '../browser/pages.ts';
import { classifier } from '../support/packageModels.ts';

const DIGIT_IMPORT = `./lenet5.ts?cnnc&weights=./lenet5.safetensors`;
const PETS_IMPORT = './pets.onnx';

/** LeNet-5 as a model file that imports another, its weights, and an ONNX file. */
export async function writeModels(root: string, installed: string): Promise<void> {
  mkdirSync(join(root, 'shared'), { recursive: true });
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  symlinkSync(installed, join(root, 'node_modules', 'cnnc'), 'dir');
  for (const name of ['lenet5.ts', 'shared/datasets.ts']) cpSync(join('models', name), join(root, name));
  cpSync('models/weights/lenet5.safetensors', join(root, 'lenet5.safetensors'));
  writeFileSync(join(root, 'pets.onnx'), await exportOnnx(classifier, { seed: 3 }));
}

/** Numbers of both models; no sines, which differ in their last bits. */
const USE = `
  const numbers = (length) => Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const digit = (await digits.load()).forward({ image: numbers(1024) });
  const pet = (await pets.load()).forward({ image: numbers(360) });
  return [digits.info.target, ...digit.logits, ...pet.logits];`;

/** `page.html`, `worker.html` and `node.js`, which use both models. */
export const writeApplication = (root: string, digits = DIGIT_IMPORT, pets = PETS_IMPORT): void =>
  writePages(root, `import * as digits from '${digits}';\nimport * as pets from '${pets}';`, USE);

/** The plugin of an installed cnnc. */
export async function importPlugin(installed: string): Promise<Cnnc> {
  const url = pathToFileURL(join(installed, 'dist', 'plugin.js')).href;
  return ((await import(url)) as { readonly cnnc: Cnnc }).cnnc;
}
