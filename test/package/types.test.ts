/**
 * A package as TypeScript sees it: its sources and its declarations are strictly typed, in a folder without any
 * dependency, and what it knows about its shapes is in its types.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { immediateTargetNames } from '../support/targets.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { NO_CHECK } from '../../compiler/package/files.ts';
import { createFolders } from '../support/folders.ts';
import { classifier, detector, parameterless, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    exactOptionalPropertyTypes: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    noUncheckedIndexedAccess: false,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    module: 'NodeNext',
    target: 'ES2022',
    types: [],
    noEmit: true,
  },
  include: ['**/*.ts'],
};

/** Removes the lines that keep TypeScript from checking a package's sources. Each of them has one. */
function checkSources(folder: string): void {
  for (const name of readdirSync(join(folder, 'package'), { recursive: true, encoding: 'utf8' })) {
    if (!/(?<!\.d)\.ts$/.test(name)) continue;
    const file = join(folder, 'package', name);
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith(NO_CHECK), name).toBe(true);
    writeFileSync(file, text.slice(NO_CHECK.length));
  }
}

/** The package of a model in a new folder, with sources that TypeScript checks. */
async function checkedPackage(...compiled: Parameters<typeof compilePackage>): Promise<string> {
  const folder = newFolder();
  writePackage(join(folder, 'package'), await compilePackage(...compiled));
  checkSources(folder);
  return folder;
}

/** What tsc says; empty where everything is right. */
function typeCheck(folder: string, usage: string, options: object = {}): string[] {
  writeFileSync(join(folder, 'usage.ts'), usage);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = { ...TSCONFIG.compilerOptions, ...options };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...TSCONFIG, compilerOptions }));
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' });
  const problems = stdout.trim().split('\n').filter(Boolean);
  expect(status === 0).toBe(problems.length === 0);
  return problems;
}

const isImmediate = (target: TargetName): boolean => immediateTargetNames.some((one) => one === target);

/** Everything that a user's program may rely on. A line that is wrong must be an error, or tsc reports it. */
const usage = (target: TargetName, wait = isImmediate(target) ? '' : 'await '): string => `
  import { info, labels, load, preprocess, topK, type ImageSource, type Inputs, type Model, type Outputs } from './package/index.js';

  const name: 'pets' = info.name;
  const target: '${target}' = info.target;
  const [batch, channels, height, width]: readonly [1, 3, 12, 10] = info.inputs.image.shape;
  const classes: 3 = info.outputs.logits.shape[1];
  const dtype: 'f32' = info.inputs.image.dtype;
  // @ts-expect-error the width is 10
  const wide: 12 = info.inputs.image.shape[3];
  // @ts-expect-error what was compiled does not change
  info.parameters = 0;

  const first: 'cat' = labels[0];
  // @ts-expect-error there are three classes
  const fourth: string = labels[3];

  const model: Model = await load();
  const image: Float32Array = preprocess(new Uint8Array(3 * 12 * 10), 10, 12);
  const inputs: Inputs = { image };
  const outputs: Outputs = ${wait}model.forward(inputs);
  const again: Outputs = ${wait}model.forward({ image }, { logits: new Float32Array(3) });
  const logits: Float32Array = outputs.logits;
  const best: string = topK(logits, 1)[0].label;
  const pixels: ImageSource = { data: new Uint8Array(4), width: 1, height: 1 };
  const same: Float32Array = preprocess(pixels, image);
  const [first1] = ${wait}model.classify(pixels, 1);
  const probability: number = first1.probability + (${wait}model.classify(pixels)).length;
  // @ts-expect-error a name is no image
  model.classify('photo.png');
  // @ts-expect-error the number of classes is a number
  model.classify(pixels, { k: 1 });
  // @ts-expect-error bytes have no size
  preprocess(new Uint8Array(4));
  // @ts-expect-error the height is missing
  preprocess(new Uint8Array(4), 1);
  // @ts-expect-error no such input
  model.forward({ imgae: image });
  // @ts-expect-error the input is missing
  model.forward({});
  // @ts-expect-error a list is not an array of f32
  model.forward({ image: [1, 2, 3] });
  // @ts-expect-error nor are doubles
  model.forward({ image: new Float64Array(360) });
  // @ts-expect-error no such output
  outputs.logit;
  // @ts-expect-error results are handed out, not taken
  outputs.logits = logits;
  // @ts-expect-error no such option
  await load({ weigths: 'weights.safetensors' });
  await load({ weights: new Uint8Array(8) });
  await load({ weights: new URL('https://example.org/weights.safetensors') });
  model.close();

  export const used = [name, target, batch, channels, height, width, classes, dtype, wide, first, fourth, again, best, same, probability];
`;

const trainingUsage = (target: TargetName, wait = isImmediate(target) ? '' : 'await '): string => `
  import { fileStore, info, load, type FitResult, type Model, type Trainer } from './package/index.js';

  const optimizer: 'adam' = info.training.optimizer;
  const trainer: Trainer = await load({ training: true, learningRate: 0.01, seed: 7 });
  const model: Model = await load();
  const trains: 'adam' = trainer.info.training.optimizer;
  const [image, label] = [new Float32Array(432), new Int32Array(4)];
  const { loss, logits } = ${wait}trainer.trainStep({ image, label });
  const numbers: [number, Float32Array] = [loss, logits];
  const predicted: Float32Array = (${wait}trainer.predict({ image })).logits;
  const scores: Float32Array = (${wait}trainer.forward({ image })).logits;
  const { inputs, parameters } = ${wait}trainer.backward({ logits: scores });
  const gradients: Float32Array[] = [inputs.image, parameters['conv.weight']];
  ${wait}trainer.applyGradients(parameters);
  // @ts-expect-error no such gradient
  parameters['conv.bias'];
  // @ts-expect-error gradients are missing
  trainer.applyGradients({ 'fc.bias': new Float32Array(3) });
  // @ts-expect-error labels are missing
  trainer.trainStep({ image });
  // @ts-expect-error labels are integers
  trainer.trainStep({ image, label: new Float32Array(4) });
  // @ts-expect-error only a trainer trains
  model.trainStep({ image, label });
  // @ts-expect-error no such hyperparameter
  await load({ training: true, learningrate: 0.01 });
  trainer.hyperparameters.learningRate = 0.1;
  // @ts-expect-error steps are counted, not set
  trainer.step = 3;
  const weights: Uint8Array = ${wait}trainer.exportWeights();
  const left: readonly { readonly name: string }[] = ${wait}trainer.loadWeights(weights, { partial: true });
  ${wait}trainer.loadState(${wait}trainer.saveState());
  trainer.close();
  const examples = [{ image, label: 1 }];
  const fitted: FitResult = await trainer.fit({ examples, epochs: 2, store: fileStore('run') });
  // @ts-expect-error the number of epochs is missing
  await trainer.fit({ examples });
  // @ts-expect-error batch norms need whole batches
  trainer.trainStep({ image, label }, { count: 2 });
  ${isImmediate(target) ? '' : PROMISED_USAGE}
  export const used = [fitted, optimizer, trains, numbers, predicted, gradients, weights, left];
`;

/** What only a trainer on WebGPU has. */
const PROMISED_USAGE = `
  // @ts-expect-error it is a promise
  trainer.trainStep({ image, label }).loss;
  // @ts-expect-error so are bytes
  const early: Uint8Array = trainer.exportWeights();
  const nothing = await trainer.trainStep({ image, label }, { results: Math.random() < 2 });
  // @ts-expect-error there may be no results
  nothing.loss;
  const something: number = (await trainer.trainStep({ image, label }, { results: true })).loss;
  // @ts-expect-error no such option
  await trainer.trainStep({ image, label }, { result: false });
  export const more = [early, something];
`;

describe.each(targetNames)('a package for %s in TypeScript', (target) => {
  let source: string;
  beforeAll(async () => {
    source = await checkedPackage(classifier, 'model.ts', { targets: [target] });
  }, COMPILE_TIMEOUT);

  it('is strictly typed, and its types know its shapes', () => {
    expect(typeCheck(source, usage(target))).toEqual([]);
  });

  it('says the same by its declarations alone', () => {
    const folder = newFolder();
    cpSync(join(source, 'package'), join(folder, 'package'), { recursive: true });
    const sources = readdirSync(join(folder, 'package')).filter((name) => /(?<!\.d)\.ts$/.test(name));
    expect(sources).toContain('index.ts');
    for (const name of sources) rmSync(join(folder, 'package', name));
    expect(typeCheck(folder, usage(target))).toEqual([]);
  });

  it(
    'is strictly typed where it trains',
    async () => {
      const settings = { targets: [target], training: { optimizer: 'adam' } } as const;
      const folder = await checkedPackage(trainable, 'model.ts', settings);
      expect(typeCheck(folder, trainingUsage(target))).toEqual([]);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'is strictly typed where nothing is learned',
    async () => {
      const folder = await checkedPackage(parameterless, 'model.ts', { targets: [target] });
      expect(typeCheck(folder, `import './package/index.js';`)).toEqual([]);
    },
    COMPILE_TIMEOUT,
  );

  it('is checked at all: a wrong line is found', () => {
    const [problem, ...others] = typeCheck(
      source,
      `import { info } from './package/index.js';\nexport const x: 4 = info.kernels;`,
    );
    expect(problem).toMatch(/^usage\.ts\(2,14\): error TS2322/);
    expect(others).toEqual([]);
  });

  it('is checked as a whole: a wrong line of a source is found', () => {
    const folder = newFolder();
    cpSync(join(source, 'package'), join(folder, 'package'), { recursive: true });
    const file = join(folder, 'package', 'forward.ts');
    writeFileSync(file, `${readFileSync(file, 'utf8')}export const wrong: string = 1;\n`);
    const problems = typeCheck(folder, '');
    expect(problems).toEqual([expect.stringMatching(/^package\/forward\.ts\(\d+,14\): error TS2322/)]);
  });
});

/** What a program sees of a package with several targets. */
const SEVERAL_USAGE = `
  import { fastestTarget, info, load, type Model, type Target, type Trainer } from './package/index.js';
  import { load as loadWasm } from './package/wasm/index.js';

  const targets: readonly ['wasm', 'typescript'] = info.targets;
  const target: Target = fastestTarget();
  const model: Model = await load();
  const chosen = await load({ target: 'typescript' });
  const name: 'typescript' = chosen.info.target;
  const any: 'wasm' | 'typescript' = model.info.target;
  // @ts-expect-error it may be another one
  const one: 'wasm' = model.info.target;
  // @ts-expect-error no such target
  await load({ target: 'webgl' });
  const [image, label] = [new Float32Array(432), new Int32Array(4)];
  const logits: Float32Array = model.forward({ image }).logits;
  // @ts-expect-error no such input
  model.forward({ imgae: image });
  const trainer: Trainer = await load({ training: true, target, learningRate: 0.1, relaxedSimd: false });
  const loss: number = trainer.trainStep({ image, label }).loss;
  const alone = (await loadWasm({ relaxedSimd: true })).info.target;
  export const used = [targets, name, any, one, logits, loss, alone];
`;

it(
  'a package for several targets is strictly typed, and knows which it has',
  async () => {
    const settings = { targets: immediateTargetNames, training: { optimizer: 'adam' } } as const;
    const folder = await checkedPackage(trainable, 'model.ts', settings);
    expect(typeCheck(folder, SEVERAL_USAGE)).toEqual([]);
  },
  COMPILE_TIMEOUT,
);

const DETECTOR_USAGE = `
  import { detect, load } from './package/index.js';
  import { detect as detectAlone } from './package/wasm/index.js';

  const outputs = (await load()).forward({ image: new Float32Array(1536) });
  const [best] = detect(outputs, { score: 0.9, overlap: 0.2 });
  const numbers: number[] = [best.left, best.top, best.right, best.bottom, best.class, best.score];
  const all = detectAlone({ scores: [0.5], boxes: [0] });
  const pixels = { data: new Uint8Array(4), width: 1, height: 1 };
  const found: number = (await load()).detect(pixels, { score: 0.9 })[0].score;
  // @ts-expect-error no such threshold
  (await load()).detect(pixels, { scores: 0.9 });
  // @ts-expect-error a detector has no classes to rank
  (await load()).classify(pixels);
  // @ts-expect-error the boxes are missing
  detect({ scores: outputs.scores });
  // @ts-expect-error no such threshold
  detect(outputs, { scores: 0.9 });
  export const used = [numbers, all, found];
`;

it(
  'a package of a detector knows its outputs and what it finds',
  async () => {
    const settings = { targets: immediateTargetNames };
    const folder = await checkedPackage(detector, 'model.ts', settings);
    expect(typeCheck(folder, DETECTOR_USAGE)).toEqual([]);
  },
  COMPILE_TIMEOUT,
);

/** WebGPU's calls return promises: they are typed apart, and not what a program gets that does not ask for them. */
const WITH_WEBGPU_USAGE = `
  import { fastestTarget, info, load, type AutomaticTarget, type Model, type Models } from './package/index.js';

  const targets: readonly ['wasm', 'typescript', 'webgpu'] = info.targets;
  const target: AutomaticTarget = fastestTarget();
  const image = new Float32Array(360);
  const model: Model = await load({ target });
  const logits: Float32Array = model.forward({ image }).logits;
  const gpu: Models['webgpu'] = await load({ target: 'webgpu', onProgress: (done, total) => done / total });
  const promised: Float32Array = (await gpu.forward({ image })).logits;
  // @ts-expect-error a promise has no such property
  gpu.forward({ image }).logits;
  // @ts-expect-error models are not to be mistaken for each other
  const other: Model = gpu;
  const size: number = (await gpu.forwardOnGpu({ image })).logits.size;
  const again = await gpu.forward({ image: (await gpu.forwardOnGpu({ image })).logits });
  // @ts-expect-error nothing of the GPU goes into another target
  model.forward({ image: (await gpu.forwardOnGpu({ image })).logits });
  gpu.onLost(({ reason, message }) => [reason, message]);
  gpu.device.createBuffer({ size: 4, usage: 8 }).destroy();
  const pixels = { data: new Uint8Array(4), width: 1, height: 1 };
  const seen = await gpu.forward({ image: await gpu.preprocess(pixels) });
  gpu.preprocess(document.createElement('canvas'));
  const ranked: string = model.classify(document.createElement('video'))[0].label;
  const rankedLater: string = (await gpu.classify(document.createElement('img')))[0].label;
  // @ts-expect-error a promise has no such property
  gpu.classify(pixels)[0];
  gpu.preprocess(new ImageData(1, 1));
  // @ts-expect-error a name is no image
  gpu.preprocess('photo.png');
  // @ts-expect-error one image, not several
  gpu.preprocess([pixels]);
  // @ts-expect-error the others take no images
  model.preprocess(pixels);
  export const used = [targets, logits, promised, other, size, again, seen, ranked, rankedLater];
`;

it(
  'a package with WebGPU among its targets keeps promises apart',
  async () => {
    const settings = { targets: targetNames };
    const folder = await checkedPackage(classifier, 'model.ts', settings);
    expect(typeCheck(folder, WITH_WEBGPU_USAGE)).toEqual([]);
  },
  COMPILE_TIMEOUT,
);

/** The same of trainers. */
const TRAINING_WITH_WEBGPU_USAGE = `
  import { load, type Model, type Models, type Trainer, type Trainers } from './package/index.js';

  const [image, label] = [new Float32Array(432), new Int32Array(4)];
  const trainer: Trainer = await load({ training: true, learningRate: 0.1 });
  const loss: number = trainer.trainStep({ image, label }).loss;
  const gpu: Trainers['webgpu'] = await load({ target: 'webgpu', training: true, seed: 3 });
  const later: number = (await gpu.trainStep({ image, label })).loss;
  await gpu.trainStep({ image, label }, { results: false });
  // @ts-expect-error a promise has no such property
  gpu.trainStep({ image, label }).loss;
  // @ts-expect-error trainers are not to be mistaken for each other
  const other: Trainer = gpu;
  // @ts-expect-error nor for a model
  const model: Model = gpu;
  const named: Trainers['wasm'] = await load({ target: 'wasm', training: true });
  const logits: Float32Array = named.predict({ image }).logits;
  const inference: Models['webgpu'] = await load({ target: 'webgpu' });
  const scores: Float32Array = (await inference.forward({ image })).logits;
  gpu.loadState(await gpu.saveState());
  await gpu.loadState(trainer.saveState());
  gpu.onLost(({ reason, message }) => [reason, message]);
  gpu.device.createBuffer({ size: 4, usage: 8 }).destroy();
  // @ts-expect-error only a GPU is lost
  trainer.onLost(() => {});
  // @ts-expect-error the others have none
  named.device;
  export const used = [loss, later, other, model, logits, scores];
`;

it(
  'trainers on WebGPU are typed apart from those of other targets',
  async () => {
    const settings = { targets: targetNames, training: { optimizer: 'adam' } } as const;
    const folder = await checkedPackage(trainable, 'model.ts', settings);
    expect(typeCheck(folder, TRAINING_WITH_WEBGPU_USAGE)).toEqual([]);
  },
  COMPILE_TIMEOUT,
);

/** What packages use of a host, without the types of a page, among which TypeScript has those of WebGPU since 6.0. */
const FEW_GLOBALS = `
  declare global {
    interface ImportMeta { readonly url: string }
    interface URL { readonly href: string }
    var URL: new (url: string | URL, base?: string) => URL;
    interface ReadableStreamDefaultReader<T> {
      read(): Promise<{ value: T; done: false } | { value?: undefined; done: true }>;
      cancel(): Promise<void>;
    }
    interface Response {
      readonly url: string;
      readonly ok: boolean;
      readonly bodyUsed: boolean;
      readonly status: number;
      readonly statusText: string;
      readonly body: { getReader(): ReadableStreamDefaultReader<Uint8Array> } | null;
      arrayBuffer(): Promise<ArrayBuffer>;
    }
    function fetch(url: string | URL): Promise<Response>;
    function atob(text: string): string;
    var TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string };
    var TextEncoder: new () => { encode(text: string): Uint8Array };
  }
  export {};
`;

it.each([
  ['', trainable, {}],
  [' that trains', trainable, { training: { optimizer: 'sgd' } }],
  [' that takes images', classifier, {}],
] as const)(
  'a package for WebGPU%s is strictly typed where TypeScript does not know WebGPU',
  async (_, model, training) => {
    const folder = await checkedPackage(model, 'model.ts', { targets: ['webgpu'], ...training });
    expect(typeCheck(folder, FEW_GLOBALS, { lib: ['ES2022'] })).toEqual([]);
  },
  COMPILE_TIMEOUT,
);
