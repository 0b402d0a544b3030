/**
 * Writes pages that compile: the bundle in `compiler/`, the model files as modules that import 'cnnc' from the
 * bundle, and other input as bytes. Models keep their paths and lines, because packages name them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackageFiles } from '../../compiler/emit/model.ts';
import { runtimeTexts } from '../../compiler/host/runtimeText.ts';
import { stripTypes } from '../../compiler/package/stripTypes.ts';
import { projectRoot } from '../support/imports.ts';
import { bundleCompiler } from './compilerBundle.ts';

const HTML = `<!doctype html><link rel="icon" href="data:," /><output></output>
<script type="importmap">{ "imports": { "cnnc": "./compiler/browser.js" } }</script>
<script type="module" src="./NAME.js"></script>
`;

/** What `compile` takes, `GIVEN`, is the model and its weights. */
const PROGRAM = `import { compile, createHost, importModel, setWorkingFolder } from 'cnnc';

const bytesOf = async (file) => new Uint8Array(await (await fetch(file)).arrayBuffer());
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const say = (said) => (document.querySelector('output').textContent = JSON.stringify(said));

try {
  setWorkingFolder(() => new URL('.', location.href).href);
  const host = createHost(await (await fetch('runtime.json')).json());
  const { model, weights } = GIVEN;
  const start = performance.now();
  const { files } = await compile(model, { ...OPTIONS, weights }, host);
  const milliseconds = performance.now() - start;
  const contents = [...files].map(([name, file]) => [name, typeof file === 'string' ? file : hexOf(file)]);
  say({ answer: { milliseconds, contents } });
} catch (error) {
  say({ error: error.stack });
}
`;

/** Paths and contents, bytes as hexadecimal digits. */
export type Contents = readonly (readonly [name: string, text: string])[];

export interface PageAnswer {
  readonly milliseconds: number;
  readonly contents: Contents;
}

export async function writeCompiler(folder: string): Promise<void> {
  await bundleCompiler(join(folder, 'compiler'), { minify: true });
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify(runtimeTexts()));
}

/** A file of the project at its own path, without types. */
export function writeModel(folder: string, file: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, stripTypes(readFileSync(join(projectRoot, file), 'utf8')));
}

/** `given` is an expression: the model and its weights. */
export function writeCompilerPage(folder: string, name: string, given: string, options: object): void {
  const program = PROGRAM.replace('GIVEN', given).replace('OPTIONS', JSON.stringify(options));
  writeFileSync(join(folder, `${name}.js`), program);
  writeFileSync(join(folder, `${name}.html`), HTML.replace('NAME', name));
}

/** The same of a package that Node has compiled. */
export const contentsOf = (files: PackageFiles): Contents =>
  [...files].map(([name, file]) => [
    name,
    typeof file === 'string' ? file : Buffer.from(file).toString('hex'),
  ]);

/** The first file and line that differ, or undefined. */
export function firstDifference(page: Contents, node: Contents): string | undefined {
  for (let i = 0; i < Math.max(page.length, node.length); i++) {
    const [name, text] = page[i] ?? [];
    const [expectedName, expected] = node[i] ?? [];
    if (name !== expectedName) return `file ${i + 1} is ${name}, not ${expectedName}`;
    if (text !== expected) return `${name}:${differingLine(text!, expected!)}`;
  }
  return undefined;
}

function differingLine(text: string, expected: string): string {
  const [lines, others] = [text.split('\n'), expected.split('\n')];
  const at = others.findIndex((line, i) => line !== lines[i]);
  const row = at < 0 ? others.length : at;
  return `${row + 1} is ${shorten(lines[row])}, not ${shorten(others[row])}`;
}

const shorten = (line: string | undefined): string | undefined => line && JSON.stringify(line.slice(0, 100));
