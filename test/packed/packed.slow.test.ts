/**
 * cnnc as users have it: packed by npm, installed into an empty folder, used from there. Needs the npm registry, as every
 * installation does.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeInChromium } from '../browser/chromium.ts';
import { createServers } from '../browser/server.ts';
import { createFolders, runNode } from '../support/folders.ts';
import { MODEL, PAGE, TYPED, VITE_CONFIG } from './project.ts';
import { install, npx, packCnnc, projectRoot } from './npm.ts';

const newFolder = createFolders();
const serve = createServers();

/** Packing builds the library, installing asks the registry: minutes on a slow line. */
const PATIENCE = 900_000;

let tarball: string;
let project: string;

beforeAll(() => {
  tarball = packCnnc(newFolder());
  project = newFolder();
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  install(project, [tarball, 'vite', 'typescript', 'sharp', '@types/node', '@webgpu/types']);
}, PATIENCE);

const write = (file: string, text: string): void => {
  mkdirSync(join(project, file, '..'), { recursive: true });
  writeFileSync(join(project, file), text);
};

describe('the packed cnnc', () => {
  it('has nothing that publint and attw complain of', () => {
    expect(npx(projectRoot, 'publint', '--strict', tarball)).toContain('All good!');
    // It fails where a way to import the library from an ES module, or its types, is wrong.
    expect(npx(projectRoot, 'attw', tarball, '--profile', 'esm-only')).toContain('cnnc/plugin');
  });

  it(
    'compiles models in TypeScript and JavaScript, in ES modules and in CommonJS, and a model of the zoo',
    () => {
      write('models/small.ts', MODEL);
      write('models/plain.js', MODEL);
      write('models/typed.cts', MODEL);
      write(
        'models/common.cjs',
        MODEL.replace('import {', 'const {')
          .replace("from 'cnnc'", "= require('cnnc')")
          .replace('export default', 'module.exports ='),
      );
      const kernels = ['small.ts', 'plain.js', 'common.cjs', 'typed.cts'].map((model, i) => {
        npx(project, 'cnnc', 'compile', `models/${model}`, '--target', 'wasm', '--out', `built/${i}`);
        return readFileSync(join(project, `built/${i}/kernels.wasm`));
      });
      for (const other of kernels.slice(1)) expect(other).toEqual(kernels[0]);
      npx(project, 'cnnc', 'compile', 'lenet5', '--target', 'wasm', '--out', 'built/lenet5');
      // The files of a clone, with the same names of models in them, and with the weights that the model names.
      for (const file of ['graph.txt', 'forward.js', 'kernels.wasm', 'layers.json', 'weights.safetensors']) {
        const here = readFileSync(join(projectRoot, 'generated/lenet5-wasm', file));
        expect(readFileSync(join(project, 'built/lenet5', file)).equals(here), file).toBe(true);
      }
    },
    PATIENCE,
  );

  it(
    'compiles an ONNX file, which a program then runs',
    () => {
      const weights = join(projectRoot, 'models/weights/lenet5.safetensors');
      npx(project, 'cnnc', 'export', 'lenet5', '--weights', weights, '--onnx', 'digits.onnx');
      npx(project, 'cnnc', 'compile', 'digits.onnx', '--target', 'wasm', '--out', 'built/digits');
      cpSync(join(projectRoot, 'generated/lenet5'), join(project, 'built/committed'), { recursive: true });
      write(
        'compare.mjs',
        `import * as digits from './built/digits/index.js';
       import * as committed from './built/committed/index.js';
       const numbers = Float32Array.from({ length: 1024 }, (_, i) => ((i * 37) % 101) / 101);
       const [a, b] = await Promise.all([digits.load(), committed.load()]);
       const [x, y] = [a, b].map((model) => Object.values(model.forward(Object.fromEntries(Object.keys(model.info.inputs).map((name) => [name, numbers]))))[0]);
       console.log(x.length, Math.max(...x.map((value, i) => Math.abs(value - y[i]))));`,
      );
      const [length, difference] = runNode(project, 'compare.mjs').trim().split(' ').map(Number);
      expect(length).toBe(10);
      // Two orders of the same sums in f32, of logits up to about 20.
      expect(difference).toBeLessThan(1e-4);
    },
    PATIENCE,
  );

  it(
    'runs a package on an image, and is a library in plain Node',
    () => {
      cpSync(join(projectRoot, 'models/images/three.png'), join(project, 'three.png'));
      cpSync(join(projectRoot, 'generated/lenet5'), join(project, 'built/committed'), { recursive: true });
      const answer = JSON.parse(
        npx(project, 'cnnc', 'run', 'built/committed', 'three.png', '--json'),
      ) as unknown;
      expect(JSON.stringify(answer)).toContain('"3"');
      write(
        'library.mjs',
        `import { compile, defineModel } from 'cnnc';
       import { topK } from 'cnnc/runtime/topK';
       const model = defineModel({
         name: 'library', inputs: { x: [1, 4] },
         build: (net, { x }) => ({ y: net.linear('fc', x, { features: 3 }) }),
       });
       const { files } = await compile(model, { targets: ['typescript', 'wasm'], seed: 1 });
       console.log(files.size, topK(Float32Array.of(0, 2, 1), 1)[0].index);`,
      );
      const [files, best] = runNode(project, 'library.mjs').trim().split(' ').map(Number);
      expect(files).toBeGreaterThan(10);
      expect(best).toBe(1);
    },
    PATIENCE,
  );

  it(
    'has types that a strict project accepts, those of its libraries checked',
    () => {
      write('src/typed.ts', TYPED);
      write(
        'tsconfig.json',
        JSON.stringify({
          compilerOptions: {
            ...{ strict: true, skipLibCheck: false, noEmit: true, exactOptionalPropertyTypes: true },
            allowImportingTsExtensions: true,
            ...{ module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'], types: ['node'] },
          },
          include: ['src/typed.ts', 'models/small.ts'],
        }),
      );
      write('models/small.ts', MODEL);
      expect(npx(project, 'tsc', '--project', '.')).toBe('');
    },
    PATIENCE,
  );
});

describeInChromium('a page of the packed cnnc', (open) => {
  it(
    'is built by Vite through the plugin, and classifies an image',
    async () => {
      const weights = join(projectRoot, 'models/weights/lenet5.safetensors');
      write('models/small.ts', MODEL);
      npx(project, 'cnnc', 'export', 'lenet5', '--weights', weights, '--onnx', 'page/digits.onnx');
      cpSync(join(projectRoot, 'models/images/three.png'), join(project, 'page/three.png'));
      write(
        'page/index.html',
        '<!doctype html><output></output><script type="module" src="./main.js"></script>\n',
      );
      write('page/main.js', PAGE);
      write('page/vite.config.js', VITE_CONFIG);
      npx(join(project, 'page'), 'vite', 'build');
      const url = await serve(join(project, 'page/dist'));
      const said = await open(`${url}index.html`, PATIENCE);
      expect(said).toEqual({ answer: 3 });
    },
    PATIENCE,
  );
});
