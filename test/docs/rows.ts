/**
 * How each block of code in the documents is checked. Every block has exactly one row, or says in a comment before it why
 * it is not run. A row names its block by a text that is in no other block of the same document.
 */
import type { Given } from './given.ts';

/** Lines of a shell. `fast`: run in `npm test` by the command line's own function; all run in a shell in the slow group. */
export interface Commands {
  readonly kind: 'commands';
  readonly speed: 'fast' | 'slow';
  /** What the folder has beside the models and `generated/lenet5`. */
  readonly given?: readonly Given[];
  /** Lines that run before the block's, in the slow group. */
  readonly before?: string;
  /** The commands are the repository's own and run in it. */
  readonly inRepository?: boolean;
  /** Files that are there afterwards. */
  readonly writes?: readonly string[];
}

/** A module in TypeScript or JavaScript: it is type-checked, and where `runs` is set, executed. */
export interface Module {
  readonly kind: 'module';
  /** Declarations of what the block takes from around it. */
  readonly context?: string;
  /** Packages that the block imports by their places in `generated/`, where they are not those of the repository. */
  readonly packages?: Readonly<Record<string, PackageName>>;
  /** The file that a Node program is put into, and a text that it prints. */
  readonly runs?: {
    readonly file: string;
    readonly given?: readonly Given[];
    readonly prints: string | RegExp;
  };
}

/** What `test/docs/packages.ts` compiles. */
export type PackageName = 'trainer' | 'webgpu' | 'webgpuTrainer' | 'moving' | 'any';

/** Another test holds the block: a page in Chromium, a message, a part of a program. */
export interface Elsewhere {
  readonly kind: 'elsewhere';
  readonly test: string;
}

/** A drawing for readers. */
export interface Drawing {
  readonly kind: 'drawing';
}

export interface Row {
  readonly file: string;
  readonly holds: string;
  readonly check: Commands | Module | Elsewhere | Drawing;
}

const fast = (more: Partial<Commands> = {}): Commands => ({ kind: 'commands', speed: 'fast', ...more });
const slow = (more: Partial<Commands> = {}): Commands => ({ kind: 'commands', speed: 'slow', ...more });
const elsewhere = (test: string): Elsewhere => ({ kind: 'elsewhere', test });
const typed = (more: Omit<Module, 'kind'> = {}): Module => ({ kind: 'module', ...more });

const IMAGE = 'declare const image: Float32Array;';
const BATCH = `${IMAGE} declare const label: Int32Array;`;
const FIT = `declare const images: Float32Array[]; declare const labels: number[];
declare const validation: { readonly image: Float32Array; readonly label: number }[];
declare const controller: AbortController; declare function show(text: string): void;`;
const RELOAD = 'declare function reload(message: string): void;';
const IN_CHROMIUM = 'test/docs/pages.slow.test.ts';
const CLAIMS = 'test/docs/claims.test.ts';

const resnet18 = slow({ writes: ['generated/resnet18/index.js'] });
const onnx = fast({ given: ['squeezenet.onnx'], writes: ['generated/squeezenet/index.js'] });
const page = slow({ given: ['my.onnx'], writes: ['my-app/package.json'] });
const digit = fast();
const mnist = slow({ writes: ['runs/lenet5/weights.safetensors'] });
const heads: readonly Given[] = ['photos', 'resnet20.safetensors'];

const README: Readonly<Record<string, Row['check']>> = {
  'npm ci && npm test': resnet18,
  'Float32Array(150528)': typed({ context: IMAGE }),
  'npx cnnc run generated/lenet5': digit,
  'npm i -D cnnc': resnet18,
  'npx cnnc init': page,
  'npx cnnc compile squeezenet.onnx': slow({
    given: ['squeezenet.onnx'],
    writes: ['models/squeezenet.ts', 'resnet18.onnx'],
  }),
  '// models/small.ts': typed(),
  'npx cnnc compile models/small.ts': fast({ given: ['small.ts'], writes: ['generated/small/index.js'] }),
  'npx cnnc train': slow({ given: heads, writes: ['runs/vehicles/weights.safetensors'] }),
};

const GETTING_STARTED: Readonly<Record<string, Row['check']>> = {
  'npm ci && npm test': resnet18,
  'npx cnnc run generated/lenet5': digit,
  'npm i -D cnnc': resnet18,
  'npx cnnc init': page,
  'npx cnnc compile squeezenet.onnx': onnx,
  'new Float32Array(1 * 32 * 32)': typed({ runs: { file: 'use.ts', prints: "label: '5'" } }),
  'npx cnnc compile resnet20 --weights resnet20.safetensors': fast({
    given: ['resnet20.safetensors'],
    writes: ['generated/resnet20/index.js'],
  }),
};

const COMPILE: Readonly<Record<string, Row['check']>> = {
  '--weights resnet18.safetensors': slow({ given: ['resnet18.safetensors'] }),
  '--target typescript,wasm': slow({ writes: ['generated/lenet5-both/wasm/kernels.wasm'] }),
  '--name lenet5-batch8': fast({ writes: ['generated/lenet5-batch8/index.js'] }),
  '--batch 1,8,32': fast({ writes: ['generated/resnet20-any/batch32/forward.js'] }),
  '32 + 8 + 8 + 1 + 1': typed({
    context: 'declare const images: Float32Array;',
    packages: { 'resnet20-any': 'any' },
  }),
  '--labels digits.txt': fast({
    given: ['squeezenet.onnx', 'my.onnx', 'digits.txt'],
    writes: ['generated/my/index.js'],
  }),
  '--tune resnet18.tune.json': slow({ writes: ['resnet18.tune.json'] }),
  '--target wasm --out build/resnet20': fast({ writes: ['build/resnet20/prepare.js'] }),
  'model.loadWeights(trainer': typed({
    context: 'declare const trainer: { exportWeights(): Uint8Array };',
    packages: { resnet20: 'moving' },
  }),
  '--batch 8 --out build/lenet5': slow({
    writes: ['build/lenet5/index.js', 'generated/resnet18-96/index.js'],
  }),
  '--dump-ir ir': fast({ writes: ['ir/00-model.txt'] }),
};

const FORMATS: Readonly<Record<string, Row['check']>> = {
  '--batch 4 --train': onnx,
  'compile squeezenet.onnx --input image=1x3x64x64': onnx,
  'squeezenet/onnx/model.onnx': fast({
    given: ['squeezenet/onnx/model.onnx'],
    writes: ['generated/squeezenet/index.js'],
  }),
  'import squeezenet.onnx --out models/squeezenet.ts': fast({
    given: ['squeezenet.onnx'],
    writes: ['models/squeezenet.safetensors'],
  }),
  'import squeezenet.onnx --input': fast({ given: ['squeezenet.onnx'], writes: ['models/small.ts'] }),
  'npx cnnc export': slow({ given: ['resnet18.safetensors'], writes: ['resnet18.onnx'] }),
  'importModel(': typed({ runs: { file: 'formats.ts', given: ['squeezenet.onnx'], prints: '' } }),
  'importOnnx(': typed({ runs: { file: 'bytes.ts', given: ['squeezenet.onnx'], prints: '' } }),
};

const GENERATED_PACKAGE: Readonly<Record<string, Row['check']>> = {
  'model.classify({ data: pixels, width, height })': typed({
    context:
      'declare const pixels: Uint8ClampedArray; declare const width: number; declare const height: number;',
  }),
  'preprocess(pixels, width, height)': typed({
    context:
      'declare const pixels: Uint8ClampedArray; declare const width: number; declare const height: number;',
  }),
  "import sharp from 'sharp'": typed({
    runs: { file: 'photo.ts', given: ['photo.jpg', 'generated/resnet20'], prints: /probability: 0\.\d/ },
  }),
  'resnet20.forward:': elsewhere(CLAIMS),
};

const IN_A_PAGE: Readonly<Record<string, Row['check']>> = {
  '<!doctype html>': elsewhere(IN_CHROMIUM),
  '// worker.js': elsewhere(IN_CHROMIUM),
  "import kernels from './generated/lenet5-wasm/kernels.wasm'": elsewhere(IN_CHROMIUM),
  '--format=esm': slow({ given: ['app.js', 'generated/lenet5-wasm'], writes: ['dist/app.js'] }),
  '--format=iife': slow({ given: ['app.js', 'generated/lenet5-wasm'], writes: ['dist/app.js'] }),
  'require(': typed({ runs: { file: 'use.cjs', prints: 'lenet5\n' } }),
};

const MODELS: Readonly<Record<string, Row['check']>> = {
  '// models/tiny.ts': elsewhere(CLAIMS),
  'npx cnnc compile models/tiny.ts': fast({ given: ['tiny.ts'], writes: ['generated/tiny/index.js'] }),
  'the kernel spans 35': elsewhere(CLAIMS),
  "weights: './weights/linear.safetensors'": typed(),
};

const TRAINING: Readonly<Record<string, Row['check']>> = {
  '--resume': mnist,
  '--data folder:photos': slow({ given: heads, writes: ['runs/vehicles/weights.safetensors'] }),
  '--max-memory 46MB': slow({ writes: ['generated/resnet18-trainer/training/trainer.js'] }),
  '--optimizer adam': fast({ writes: ['generated/lenet5-trainer/training/trainer.js'] }),
  'seed: 1, learningRate: 0.001': typed({ context: BATCH, packages: { 'lenet5-trainer': 'trainer' } }),
  'trainer.fit(': typed({ context: FIT, packages: { 'lenet5-trainer': 'trainer' } }),
  "name: 'autoencoder'": typed(),
  '--train --target webgpu': fast({ writes: ['generated/lenet5-gpu-trainer/training/trainer.js'] }),
  'results: false': typed({ context: BATCH + RELOAD, packages: { 'lenet5-gpu-trainer': 'webgpuTrainer' } }),
};

const ROWS_BY_FILE: Readonly<Record<string, Readonly<Record<string, Row['check']>>>> = {
  'README.md': README,
  'docs/getting-started.md': GETTING_STARTED,
  'docs/compile.md': COMPILE,
  'docs/formats.md': FORMATS,
  'docs/generated-package.md': GENERATED_PACKAGE,
  'docs/how-it-works.md': {
    'frontend, importers': { kind: 'drawing' },
    '--dump-ir ir': slow({ writes: ['ir/00-model.txt'] }),
  },
  'docs/in-a-page.md': IN_A_PAGE,
  'docs/library.md': {
    '// build.ts': typed({
      runs: { file: 'build.ts', prints: /^\d+ files, 61706 parameters, 3434656 multiply-adds\n$/ },
    }),
    'createHost(texts)': typed({
      context: 'declare const texts: Record<string, string>; declare const bytes: Uint8Array;',
    }),
  },
  'docs/models.md': MODELS,
  'docs/plugin.md': {
    'model.classify(': typed({ context: 'declare const file: Blob;' }),
    'load, preprocess, topK': typed(),
    '// vite.config.ts': typed(),
    "from './net.ts?cnnc'": typed(),
  },
  'docs/runtimes.md': { '--inline all': slow({ given: ['whole.js'], writes: ['app.bundle.js'] }) },
  'docs/performance.md': {
    '--compare before.json': slow({ writes: ['before.json'] }),
    'node --experimental-wasm-relaxed-simd': slow({
      before: 'npx cnnc compile models/resnet18.ts --target wasm --name resnet18-wasm',
    }),
    'npm run bench:conv2d': slow({ inRepository: true }),
  },
  'docs/training.md': TRAINING,
  'docs/webgpu.md': {
    '--target webgpu': slow({ writes: ['generated/resnet18-webgpu/kernels.js'] }),
    'onProgress: (done, total)': typed({
      context: `${IMAGE} ${RELOAD} declare const buffer: GPUBuffer; declare const video: HTMLVideoElement;`,
      packages: { 'resnet18-webgpu': 'webgpu' },
    }),
  },
};

/** Written pages show commands that the tests of the commands run; their blocks need no rows. */
export const WRITTEN: readonly string[] = ['docs/command-line.md', 'docs/errors.md', 'docs/zoo.md'];

export const ROWS: readonly Row[] = Object.entries(ROWS_BY_FILE).flatMap(([file, rows]) =>
  Object.entries(rows).map(([holds, check]) => ({ file, holds, check })),
);
