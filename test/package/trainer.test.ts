/** The trainer's API: the halves of a step, what it refuses, and states that go on bit for bit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineModel } from 'cnnc';
import { compile } from '../../compiler/index.ts';
import type { CompileOptions } from '../../compiler/driver/options.ts';
import { type TargetName } from '../../compiler/targets/index.ts';
import { immediateTargetNames } from '../support/targets.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';

type Arrays = Record<string, Float32Array>;

interface Trainer {
  readonly hyperparameters: Record<string, number>;
  readonly step: number;
  trainStep(inputs: Record<string, unknown>): { loss: number; logits: Float32Array };
  forward(inputs: Arrays): { logits: Float32Array };
  predict(inputs: Arrays): { logits: Float32Array };
  backward(gradients: Arrays): { inputs: Arrays; parameters: Arrays };
  applyGradients(gradients: Arrays): void;
  exportWeights(): Uint8Array;
  loadWeights(bytes: Uint8Array, options?: { partial: boolean }): { name: string; reason: string }[];
  saveState(): Uint8Array;
  loadState(bytes: Uint8Array): void;
}

interface TrainingModule {
  load(options: Record<string, unknown>): Promise<Trainer>;
}

const BATCH = 4;
const CLASSES = 3;

const model = defineModel({
  name: 'small',
  inputs: { image: [BATCH, 2, 6, 6] },
  build(net, { image }) {
    let x = net.conv2d('conv', image, { channels: 5, kernel: 3, padding: 1 });
    x = net.dropout(net.relu(net.batchNorm('norm', x)), { p: 0.25 });
    return { logits: net.linear('head', net.flatten(x), { features: CLASSES }) };
  },
});

const folders: string[] = [];

async function trainingModule(
  target: TargetName,
  training: CompileOptions['training'],
): Promise<TrainingModule> {
  const folder = join(mkdtempSync(join(tmpdir(), 'cnnc-trainer-')), 'small');
  folders.push(folder);
  const { files } = await compile(model, { source: 'small.ts', targets: [target], training });
  writePackage(folder, files);
  return (await import(pathToFileURL(join(folder, 'index.js')).href)) as TrainingModule;
}

const image = Float32Array.from({ length: BATCH * 72 }, (_, i) => Math.sin(i * i * 0.013));
const label = Int32Array.of(0, 2, 1, 2);
const options = { training: true, learningRate: 0.02, momentum: 0.5, seed: 7 };

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The gradient of the mean cross-entropy with respect to the logits. */
function lossGradient(logits: Float32Array): Float32Array {
  return logits.map((_, i) => {
    const row = logits.subarray(i - (i % CLASSES), i - (i % CLASSES) + CLASSES);
    const powers = Array.from(row, Math.exp);
    const probability = powers[i % CLASSES]! / powers.reduce((sum, power) => sum + power, 0);
    return (probability - Number(label[Math.floor(i / CLASSES)] === i % CLASSES)) / BATCH;
  });
}

describe.each(immediateTargetNames)('on %s', (target) => {
  let full: TrainingModule;
  let head: TrainingModule;
  beforeAll(async () => {
    full = await trainingModule(target, { optimizer: 'sgd' });
    head = await trainingModule(target, { optimizer: 'adam', train: 'head', clip: true });
  }, 120_000);

  describe('a step', () => {
    it('lowers the loss when repeated', async () => {
      const trainer = await full.load(options);
      const first = trainer.trainStep({ image, label }).loss;
      for (let i = 0; i < 30; i++) trainer.trainStep({ image, label });
      expect(trainer.trainStep({ image, label }).loss).toBeLessThan(first / 4);
      expect(trainer.step).toBe(32);
    });

    it('is its halves: forward, backward, applyGradients', async () => {
      const [whole, parts] = [await full.load(options), await full.load(options)];
      whole.trainStep({ image, label });
      const gradient = lossGradient(parts.forward({ image }).logits);
      parts.applyGradients(parts.backward({ logits: gradient }).parameters);
      const [a, b] = [whole.exportWeights(), parts.exportWeights()];
      // The loss' gradient above is made in doubles: the same numbers but for their last bit.
      const floats = (bytes: Uint8Array) => new Float32Array(bytes.slice(-4 * 180).buffer);
      floats(a).forEach((value, i) => expect(floats(b)[i]).toBeCloseTo(value, 5));
    });

    it('gives gradients of inputs where everything is learned, of what is learned otherwise', async () => {
      const [all, last] = [await full.load(options), await head.load(options)];
      const gradient = { logits: new Float32Array(BATCH * CLASSES).fill(0.1) };
      all.forward({ image });
      last.forward({ image });
      expect(Object.keys(all.backward(gradient).inputs)).toEqual(['image']);
      const { inputs, parameters } = last.backward(gradient);
      expect([Object.keys(inputs), Object.keys(parameters)]).toEqual([[], ['head.weight', 'head.bias']]);
    });

    it('leaves what is frozen as it is', async () => {
      const trainer = await head.load(options);
      const before = trainer.exportWeights();
      for (let i = 0; i < 5; i++) trainer.trainStep({ image, label });
      const after = trainer.exportWeights();
      const read = async (bytes: Uint8Array) => {
        const fresh = await head.load({ ...options, weights: bytes });
        return fresh.predict({ image }).logits.slice();
      };
      expect(await read(after)).not.toEqual(await read(before));
      const headBytes = 4 * (CLASSES * 180 + CLASSES);
      expect(after.slice(0, -headBytes)).toEqual(before.slice(0, -headBytes));
    });
  });

  describe('states', () => {
    it('go on bit for bit, dropout and momentum included', async () => {
      const one = await full.load(options);
      for (let i = 0; i < 3; i++) one.trainStep({ image, label });
      const state = one.saveState();
      const other = await full.load({ training: true, seed: 99 });
      other.loadState(state);
      expect([other.step, other.hyperparameters['learningRate']]).toEqual([3, 0.02]);
      for (let i = 0; i < 3; i++)
        expect(other.trainStep({ image, label }).loss).toBe(one.trainStep({ image, label }).loss);
      expect(other.saveState()).toEqual(one.saveState());
    });

    it('are checked before anything is taken over', async () => {
      const trainer = await full.load(options);
      const before = trainer.saveState();
      const foreign = Buffer.from(before).toString('latin1').replace('"small"', '"other"');
      expect(() => trainer.loadState(Buffer.from(foreign, 'latin1'))).toThrow(
        'this is the state of the model other',
      );
      expect(() => trainer.loadState(trainer.exportWeights())).toThrow(
        'these bytes are not a state written by saveState',
      );
      expect(() => trainer.loadState(before.slice(0, 300))).toThrow();
      expect(trainer.saveState()).toEqual(before);
    });
  });

  describe('what a trainer refuses', () => {
    it.each([
      [
        'a label that is no class',
        { image, label: Int32Array.of(0, 3, 1, 1) },
        /has the label 3 at index 1, expected a class from 0 to 2/,
      ],
      ['a negative label', { image, label: Int32Array.of(0, -1, 1, 1) }, /has the label -1 at index 1/],
      [
        'a batch of another size',
        { image: image.subarray(72), label },
        /input `image` needs 288 numbers \(4x2x6x6\), got 216/,
      ],
      ['no labels', { image }, /input `label` is missing/],
    ])('%s', async (_, inputs, message) => {
      const trainer = await full.load(options);
      expect(() => trainer.trainStep(inputs)).toThrow(message);
      expect(trainer.step).toBe(0);
    });

    it('hyperparameters that are no numbers, at load and before a step', async () => {
      await expect(full.load({ ...options, momentum: NaN })).rejects.toThrow(
        'momentum must be a finite number of at least 0, got NaN',
      );
      const trainer = await full.load(options);
      trainer.hyperparameters['learningRate'] = NaN;
      expect(() => trainer.trainStep({ image, label })).toThrow('learningRate must be a finite number');
    });

    it('a backward without its forward', async () => {
      const trainer = await full.load(options);
      expect(() => trainer.backward({ logits: new Float32Array(12) })).toThrow('call forward first');
    });

    it('weights that do not fit, unless it may take a part', async () => {
      const trainer = await full.load(options);
      const renamed = Buffer.from(trainer.exportWeights())
        .toString('latin1')
        .replace('"head.bias"', '"tail.bias"');
      const bytes = Buffer.from(renamed, 'latin1');
      expect(() => trainer.loadWeights(bytes)).toThrow(
        /head\.bias: missing in the file\n {2}tail\.bias: not in the model/,
      );
      expect(trainer.loadWeights(bytes, { partial: true }).map(({ name }) => name)).toEqual([
        'head.bias',
        'tail.bias',
      ]);
    });
  });

  it('memory that grows for the halves loses nothing', async () => {
    const [grown, other] = [await full.load(options), await full.load(options)];
    for (const trainer of [grown, other]) trainer.trainStep({ image, label });
    const before = grown.predict({ image }).logits.slice();
    // Refused, but not before the halves have their memory.
    expect(() => grown.backward({ logits: new Float32Array(12) })).toThrow('call forward first');
    expect(grown.predict({ image }).logits).toEqual(before);
    expect(grown.saveState()).toEqual(other.saveState());
    const results = [grown, other].map((trainer) => trainer.trainStep({ image, label }));
    expect(results[0]).toEqual(results[1]);
    expect(grown.exportWeights()).toEqual(other.exportWeights());
  });
});
