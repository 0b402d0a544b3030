/**
 * A package as TypeScript sees it: its sources and its declarations are strictly typed, in a folder without any
 * dependency, and what it knows about its shapes is in its types.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { immediateTargetNames } from '../support/targets.ts';
import { createFolders } from '../support/folders.ts';
import { classifier, detector, parameterless, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { checkedPackage, typeCheck } from '../support/typeCheck.ts';

const newFolder = createFolders();

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

const BATCHES_USAGE = `
  import { info, load, type Model, type Outputs } from './package/index.js';

  const batches: readonly [1, 3] = info.batches;
  const model: Model = await load();
  const outputs: Outputs = await model.forward({ image: new Float32Array(7 * 360) });
  const logits: Float32Array = outputs.logits;
  // @ts-expect-error no such input
  await model.forward({ imgae: logits });
  export const used = [batches, logits];
`;

describe.each(targetNames)('a package for several batches for %s', (target) => {
  it.each([
    ['', {}],
    [' that trains with another one', { training: { optimizer: 'sgd', predictBatch: [1, 3] } }],
    [' with fixed weights', { fixedWeights: true }],
  ] as const)(
    '%s is strictly typed',
    async (_, more) => {
      const batch = 'training' in more ? {} : { batch: [1, 3] };
      const folder = await checkedPackage(classifier, 'model.ts', { targets: [target], ...batch, ...more });
      expect(typeCheck(folder, BATCHES_USAGE)).toEqual([]);
    },
    COMPILE_TIMEOUT,
  );
});
