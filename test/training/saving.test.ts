/** Checkpoints and the files of a run: written completely or not at all, and never mistaken for another run's. */
import * as nodeFiles from 'node:fs';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeAtomically, type FileSystem } from '../../compiler/cli/train/atomicWrite.ts';
import {
  dataDigest,
  decodeCheckpoint,
  encodeCheckpoint,
  findNotFinite,
  parametersDigest,
  readCheckpoint,
  type Checkpoint,
} from '../../compiler/cli/train/checkpoint.ts';
import { createRunFolder } from '../../compiler/cli/train/runFolder.ts';
import type { LoopState, SavedRun } from '../../compiler/training/fit.ts';
import { completeSettings } from '../../compiler/training/settings.ts';
import type { LoadedTrainer } from '../../compiler/training/trainer.ts';
import { firstState } from '../../runtime/training/fit/loop.ts';
import { serializeSafetensors } from '../../runtime/weights.ts';
import { createSoftmaxTrainer } from './softmaxTrainer.ts';
import { stripeData, temporaryFolder } from './support.ts';

const root = temporaryFolder();
let count = 0;
const newFolder = (): string => join(root, String(count++));

const full = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
};

describe('writing a file', () => {
  it('makes the folder, replaces the old file, and leaves nothing beside it', () => {
    const folder = newFolder();
    writeAtomically(join(folder, 'deep', 'a'), 'one');
    writeAtomically(join(folder, 'deep', 'a'), Uint8Array.of(50));
    expect([readdirSync(join(folder, 'deep')), readFileSync(join(folder, 'deep', 'a'), 'utf8')]).toEqual([
      ['a'],
      '2',
    ]);
  });

  it.each(['openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync'] as const)(
    'leaves the old file when %s finds the disk full',
    (call) => {
      const file = join(newFolder(), 'a');
      writeAtomically(file, 'old');
      const broken: FileSystem = { ...nodeFiles, [call]: full };
      expect(() => writeAtomically(file, 'new', broken)).toThrow(
        `train (${file}): cannot save it: the disk is full\n  the files of the last save are unchanged`,
      );
      expect([readFileSync(file, 'utf8'), readdirSync(join(file, '..'))]).toEqual(['old', ['a']]);
    },
  );

  it('goes on where the system took a part only', () => {
    const file = join(newFolder(), 'a');
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
    const slow: FileSystem = {
      ...nodeFiles,
      writeSync: (handle, data, at) => nodeFiles.writeSync(handle, data, at, Math.min(7, data.length - at)),
    };
    writeAtomically(file, bytes, slow);
    expect(new Uint8Array(readFileSync(file))).toEqual(bytes);
  });

  it('says what else went wrong', () => {
    const file = join(newFolder(), 'a');
    writeAtomically(file, 'a file, no folder');
    expect(() => writeAtomically(join(file, 'b'), 'x')).toThrow(/cannot save it: .*(EEXIST|ENOTDIR)/);
  });
});

const initial: LoopState = { ...firstState(), epochs: [] };

const checkpoint: Checkpoint = {
  header: {
    model: 'softmax',
    parameters: 'p',
    data: 'd',
    settings: completeSettings({ data: 'mnist' }),
    state: { ...initial, epoch: 2, points: [{ step: 1, loss: 0.1 + 0.2, accuracy: 1 / 3 }] },
  },
  trainer: Uint8Array.from({ length: 100 }, (_, i) => i),
};

describe('a checkpoint', () => {
  const bytes = Buffer.from(encodeCheckpoint(checkpoint));

  it('comes back as it was', () => {
    const { header, trainer } = decodeCheckpoint(bytes, 'x');
    expect(header).toEqual(checkpoint.header);
    expect(new Uint8Array(trainer)).toEqual(checkpoint.trainer);
    expect(Buffer.from(encodeCheckpoint(checkpoint))).toEqual(bytes);
  });

  it('is refused with any byte changed, or cut anywhere', () => {
    const broken = /checkpoint \(x\): (this is not a checkpoint|the file is truncated|its checksum is wrong)/;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= change;
        expect(() => decodeCheckpoint(changed, 'x')).toThrow(broken);
        expect(() => decodeCheckpoint(bytes.subarray(0, at), 'x')).toThrow(broken);
      }),
    );
  });

  it('is missed by name', () => {
    expect(() => readCheckpoint(join(root, 'none'))).toThrow(
      /checkpoint \(.*none\): there is no checkpoint to resume from/,
    );
    expect(() => readCheckpoint(root)).toThrow(/cannot read it: EISDIR/);
    const page = join(root, 'page');
    writeFileSync(page, '<!doctype html>');
    expect(() => readCheckpoint(page)).toThrow('this is not a checkpoint of `cnnc train`');
  });
});

describe('what a checkpoint belongs to', () => {
  it('depends on the names and shapes of the weights, not on their order', () => {
    const [a, b] = [
      { name: 'a', shape: [2, 3] },
      { name: 'b', shape: [2, 3] },
    ];
    expect(parametersDigest([a, b])).toBe(parametersDigest([b, a]));
    const digests = [[a], [b], [a, b], [{ name: 'a', shape: [3, 2] }], [{ name: 'a', shape: [6] }]].map(
      parametersDigest,
    );
    expect(new Set(digests).size).toBe(5);
  });

  it('depends on the labels of both parts of the data', () => {
    expect(dataDigest(stripeData(6, 3))).toBe(dataDigest(stripeData(6, 3)));
    expect(new Set([stripeData(6, 3), stripeData(5, 4), stripeData(6, 4)].map(dataDigest)).size).toBe(3);
  });

  it('finds the weight that is not finite', () => {
    const entry = (name: string, ...data: number[]) => ({
      name,
      shape: [data.length],
      data: Float32Array.from(data),
    });
    expect(findNotFinite(serializeSafetensors([entry('a', 1, 2), entry('b', 3e38)]))).toBe(undefined);
    expect(findNotFinite(serializeSafetensors([entry('a', 1, 2), entry('b', 0, NaN)]))).toBe('b');
    expect(findNotFinite(serializeSafetensors([entry('a', -Infinity)]))).toBe('a');
  });
});

describe('the folder of a run', () => {
  const create = (folder: string, files?: FileSystem) => {
    const loaded = createSoftmaxTrainer({ batch: 2, extents: [1, 4, 4], classes: 3 });
    const settings = completeSettings({ data: 'mnist' });
    return {
      loaded,
      run: createRunFolder({ folder, loaded, settings, parameters: 'p', data: 'd', stepsPerEpoch: 5 }, files),
    };
  };
  const measured = (accuracy: number) => ({ loss: 1, accuracy });
  const stateWith = (...accuracies: number[]) => ({
    ...initial,
    epoch: accuracies.length,
    epochs: accuracies.map((accuracy, i) => ({
      ...{ epoch: i + 1, step: 5 * (i + 1), learningRate: 0.1, seconds: 1 },
      ...{ training: measured(0.5), validation: measured(accuracy) },
    })),
  });

  const savedWith = async ({ trainer }: LoadedTrainer, ...accuracies: number[]): Promise<SavedRun> => ({
    state: stateWith(...accuracies),
    trainer: await trainer.saveState(),
  });

  it('holds the last weights and the best, the curves and the numbers', async () => {
    const folder = newFolder();
    const { run, loaded } = create(folder);
    const inputs = { image: new Float32Array(32).fill(1), label: Int32Array.of(0, 1) };
    const kept: Uint8Array[] = [];
    for (const accuracies of [[0.5], [0.5, 0.75], [0.5, 0.75, 0.75]]) {
      await loaded.trainer.trainStep(inputs);
      kept.push(await loaded.trainer.exportWeights());
      const best = kept[accuracies.indexOf(Math.max(...accuracies))]!;
      await run.save({ state: stateWith(...accuracies), trainer: await loaded.trainer.saveState(), best });
    }
    expect(readdirSync(folder).sort()).toEqual([
      ...[
        'best.safetensors',
        'checkpoint',
        'curves.html',
        'curves.svg',
        'history.json',
        'weights.safetensors',
      ],
    ]);
    expect(new Uint8Array(readFileSync(join(folder, 'best.safetensors')))).toEqual(kept[1]);
    expect(new Uint8Array(readFileSync(join(folder, 'weights.safetensors')))).toEqual(kept[2]);
    const history = JSON.parse(readFileSync(join(folder, 'history.json'), 'utf8')) as { epochs: unknown[] };
    expect(history).toMatchObject({
      model: 'softmax',
      stepsPerEpoch: 5,
      settings: { data: 'mnist', epochs: 4 },
    });
    expect(history.epochs).toEqual(stateWith(0.5, 0.75, 0.75).epochs);
    expect(readCheckpoint(join(folder, 'checkpoint')).header.state.epoch).toBe(3);
    expect(run.describeSaved()).toBe(`the last checkpoint is of step 3: ${join(folder, 'checkpoint')}`);
  });

  it('keeps the last good checkpoint when the disk fills up', async () => {
    const folder = newFolder();
    let isFull = false;
    const files: FileSystem = {
      ...nodeFiles,
      writeSync: (...args) => (isFull ? full() : nodeFiles.writeSync(...args)),
    };
    const { run, loaded } = create(folder, files);
    await run.save(await savedWith(loaded, 0.5));
    isFull = true;
    await expect(run.save(await savedWith(loaded, 0.5, 0.6))).rejects.toThrow(
      `train (${join(folder, 'checkpoint')}): cannot save it: the disk is full`,
    );
    expect(readCheckpoint(join(folder, 'checkpoint')).header.state.epoch).toBe(1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('never saves weights that are not finite', async () => {
    const folder = newFolder();
    const { run, loaded } = create(folder);
    const inputs = { image: new Float32Array(32).fill(1), label: Int32Array.of(0, 1) };
    loaded.trainer.hyperparameters['learningRate'] = Infinity;
    await loaded.trainer.trainStep(inputs);
    await expect(run.save(await savedWith(loaded, 0.5))).rejects.toThrow(
      'train: training has diverged: fc.weight is not finite after step 1\n  no checkpoint was written',
    );
    expect(existsSync(folder)).toBe(false);
  });
});
