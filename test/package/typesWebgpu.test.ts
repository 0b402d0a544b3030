/** Packages with WebGPU as TypeScript sees them: promises are typed apart, and no types of a page are needed. */
import { expect, it } from 'vitest';
import { targetNames } from '../../compiler/targets/index.ts';
import { classifier, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { checkedPackage, typeCheck } from '../support/typeCheck.ts';

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
