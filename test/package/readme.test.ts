/** The README of packages: its programs run as they are, its table has all files, and it says what the weights are. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Model } from 'cnnc';
import { compile } from '../../compiler/index.ts';
import type { CompileOptions } from '../../compiler/driver/options.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import lenet5 from '../../models/lenet5.ts';
import { createFolders } from '../support/folders.ts';
import { describeOnGpu } from '../support/gpu.ts';
import { installDawn, runNodeOnGpu } from '../support/gpuPackages.ts';
import { detector, parameterless, trainable, twoInputs } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';

const newFolder = createFolders();

interface Written {
  readonly folder: string;
  readonly readme: string;
  readonly files: readonly string[];
}

/** A folder with the package, an image and the libraries that the programs import. */
async function write(model: Model, options: CompileOptions = {}): Promise<Written> {
  const folder = newFolder();
  const { files } = await compile(model, { source: 'model.ts', ...options });
  writePackage(join(folder, model.name), files);
  const image = { create: { width: 20, height: 30, channels: 3, background: '#345' } } as const;
  await sharp(image).png().toFile(join(folder, 'image.png'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('node_modules/sharp'), join(folder, 'node_modules/sharp'));
  return { folder, readme: String(files.get('README.md')), files: [...files.keys()] };
}

/** The programs of a section in this language. */
function programs(readme: string, section: string, language = 'js'): string[] {
  const [, text = ''] = readme.split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return [...own.matchAll(/```(\w+)\n([^]*?)```/g)]
    .filter(([, of]) => of === language)
    .map(([, , program]) => program!);
}

type Run = (folder: string, file: string) => string;
const runNode: Run = (cwd, file) => execFileSync(process.execPath, [file], { cwd, encoding: 'utf8' });

function run({ folder }: Written, program: string, execute: Run = runNode): string {
  writeFileSync(join(folder, 'main.mjs'), program);
  return execute(folder, 'main.mjs');
}

/** The page and its worker as programs of Node, where a picture and a canvas are stand-ins. */
const STAND_INS = `
  const pixels = new Uint8ClampedArray(4 * 20 * 30).fill(80);
  const picture = { [Symbol.toStringTag]: 'HTMLImageElement', decode: async () => {}, naturalWidth: 20, naturalHeight: 30 };
  globalThis.document = { querySelector: () => picture };
  globalThis.OffscreenCanvas = class {
    getContext = () => ({ drawImage: () => {}, getImageData: () => ({ data: pixels }) });
  };
`;

function runPage(written: Written, execute?: Run): string {
  const [page = ''] = programs(written.readme, 'In a page', 'html');
  const [, script = ''] = /<script type="module">\n([^]*)<\/script>/.exec(page) ?? [];
  expect(script).toContain('await load()');
  writeFileSync(join(written.folder, 'page.mjs'), script);
  return run(written, `${STAND_INS} await import('./page.mjs');`, execute);
}

/** The messages that the worker answers with, for these inputs. */
function runWorker(written: Written, inputs: string, execute?: Run): string {
  const [worker = '', caller = ''] = programs(written.readme, 'In a worker');
  writeFileSync(join(written.folder, 'worker.js'), worker);
  expect(caller).toContain('worker.postMessage({ ');
  const program = `
    const sent = [];
    const self = (globalThis.self = { postMessage: (data) => sent.push(data) });
    await import('./worker.js');
    globalThis.Worker = class {
      async postMessage(data) {
        await self.onmessage({ data });
        this.onmessage({ data: structuredClone(sent[0]) });
      }
    };
    ${inputs}
    ${caller}
  `;
  writeFileSync(join(written.folder, 'package.json'), '{ "type": "module" }');
  return run(written, program, execute);
}

describe.each<[string, Model, CompileOptions]>([
  ['a classifier in TypeScript', lenet5, {}],
  ['a batch in WebAssembly', lenet5, { batch: 8, targets: ['wasm'] }],
  ['several batches', lenet5, { batch: [1, 4], targets: ['wasm'] }],
  ['fixed weights', lenet5, { targets: ['wasm'], fixedWeights: true }],
  ['several targets', lenet5, { batch: 2, targets: ['typescript', 'wasm'], packedWeights: true }],
])('the README of %s', (_, model, options) => {
  it(
    'has programs that run',
    async () => {
      const written = await write(model, options);
      const [node = ''] = programs(written.readme, 'In Node');
      const ranked = run(written, node);
      expect(ranked.match(/probability: [\d.]+/g)).toHaveLength(3);
      expect(runPage(written).match(/probability: [\d.]+/g)).toHaveLength(3);
      const images = `const image = new Float32Array(${1024 * (typeof options.batch === 'number' ? options.batch : 1)});`;
      expect(runWorker(written, images)).toMatch(/^\{\s+logits: Float32Array\(\d+\) \[/);
    },
    COMPILE_TIMEOUT,
  );
});

describe('the README of other models', () => {
  it.each([
    ['several inputs', twoInputs, /^\[\n(  \{ index: \d, .*\n){3}\]/],
    ['a detector', detector, /^\[/],
    ['no weights', parameterless, /^Float32Array\(8\) \[/],
  ])('with %s has a program that runs', async (_, model, expected) => {
    const written = await write(model);
    const [node = ''] = programs(written.readme, 'In Node');
    expect(run(written, node)).toMatch(expected);
    expect(written.readme.includes('## Weights')).toBe(model !== parameterless);
  });
});

describe('the README of a package that trains', () => {
  it(
    'has programs that run',
    async () => {
      const written = await write(trainable, { training: {} });
      const [step = '', fit = ''] = programs(written.readme, 'Training');
      expect(run(written, step)).toMatch(/^\d[.\d]+\n\[\n( {2}\{ index: .*\n){3}\]/);
      expect(fit).toContain('trainer.fit({ examples, epochs: 3 })');
      expect(run(written, `${fit}\nconsole.log(weights.length > 100, model.info.name);`)).toMatch(
        /^\{\n {2}epoch: 3,[^]*\}\ntrue trainable\n$/,
      );
    },
    COMPILE_TIMEOUT,
  );
});

describeOnGpu('the README of a package for WebGPU', () => {
  it(
    'has programs that run',
    async () => {
      const written = await write(lenet5, { targets: ['webgpu'] });
      const [node = ''] = programs(written.readme, 'In Node');
      expect(node).toContain('await model.forward(');
      installDawn(written.folder);
      const ranked = run(written, `${node}\nmodel.close();`, runNodeOnGpu);
      expect(ranked.match(/probability: [\d.]+/g)).toHaveLength(3);
    },
    COMPILE_TIMEOUT,
  );
});

describe('the table of files', () => {
  it.each<[string, CompileOptions]>([
    ['moving weights', {}],
    ['WebAssembly', { targets: ['wasm'] }],
    ['inline parts', { targets: ['wasm'], inline: 'all' }],
    ['packed weights', { targets: ['webgpu'], packedWeights: true }],
    ['several batches', { batch: [1, 4], targets: ['wasm'] }],
    ['training', { training: { predictBatch: [1, 4] }, targets: ['webgpu'] }],
    ['several targets that train', { training: {}, targets: ['typescript', 'wasm'] }],
  ])(
    'has all files of a package with %s, and no others',
    async (_, options) => {
      const { readme, files } = await write(trainable, options);
      const several = (options.targets ?? []).length > 1;
      const [, text = ''] = readme.split('\n## Files\n');
      let folder = '';
      const named = text.split('\n').flatMap((line) => {
        const [, target] = /^In `(\w+\/)`:$/.exec(line) ?? [];
        folder = target ?? folder;
        const [, names = ''] = /^\| (`[^|]*`) \|/.exec(line) ?? [];
        return [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => `${folder}${name}`);
      });
      // Each source comes with its JavaScript and its declarations; folders stand for what is in them.
      const listed = files
        .filter((name) => name !== 'README.md' && !/\.js$|\.d\.ts$/.test(name))
        .map((name) => name.replace(/(training|batch\d+)\/.*$/, '$1/'));
      const folders = several ? (options.targets as readonly string[]).map((target) => `${target}/`) : [];
      expect(named.toSorted()).toEqual([...new Set([...listed, ...folders])].toSorted());
    },
    COMPILE_TIMEOUT,
  );
});

describe('what the README says of the weights', () => {
  const textOf = async (model: Model, options: CompileOptions): Promise<string> =>
    (await write(model, options)).readme;

  it('is where they come from', async () => {
    expect(await textOf(lenet5, {})).toContain("The weights are the model's own, from `lenet5.safetensors`.");
    expect(await textOf(lenet5, { seed: 3 })).toContain(
      'The weights are random (seed 3), so the results mean nothing.',
    );
    expect(await textOf(lenet5, { weights: lenet5.weights!.replace('file://', '') })).toContain(
      'The weights come from `lenet5.safetensors`.',
    );
  });

  it('is their form, with the flag', async () => {
    expect(await textOf(lenet5, {})).toContain('`model.loadWeights(bytes)` replaces them');
    for (const [option, flag] of [
      ['fixedWeights', '--fixed-weights'],
      ['packedWeights', '--packed-weights'],
    ] as const) {
      const text = await textOf(lenet5, { [option]: true });
      expect(text).toContain(`They are fixed (\`${flag}\`)`);
      expect(text).not.toContain('loadWeights');
    }
  });
});
