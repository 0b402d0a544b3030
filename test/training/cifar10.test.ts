import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCifar10 } from '../../compiler/training/data/cifar10.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { temporaryFolder } from './support.ts';

const root = temporaryFolder();
const RECORD = 3073;

/** Records with these labels, whose pixels all have the level 10 * label. */
function records(...labels: number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * RECORD);
  labels.forEach((label, i) => bytes.fill(10 * label, i * RECORD, (i + 1) * RECORD).set([label], i * RECORD));
  return bytes;
}

function writeFolder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
  return folder;
}

describe('cifar10', () => {
  it('joins the batches in the order of their names', () => {
    const folder = writeFolder('whole', {
      'data_batch_2.bin': records(5),
      'data_batch_1.bin': records(3, 9),
      'test_batch.bin': records(0, 7),
      'batches.meta.txt': new Uint8Array(3),
    });
    const { train, validation, extents } = loadCifar10('cifar10:DIR', folder);
    expect([[...train.labels], [...validation.labels], extents]).toEqual([
      [3, 9, 5],
      [0, 7],
      [3, 32, 32],
    ]);
    expect(train.read(2)).toEqual(Buffer.alloc(3072, 50));
    expect(validation.read(1)).toEqual(Buffer.alloc(3072, 70));
  });

  it.each<[string, Readonly<Record<string, Uint8Array>>, string]>([
    [
      'untested',
      { 'data_batch_1.bin': records(1) },
      'there is no file such as test_batch.bin or test_batch.bin.gz',
    ],
    [
      'cut',
      { 'data_batch_1.bin': records(1, 2).subarray(1), 'test_batch.bin': records(1) },
      '6145 bytes are not a whole number of records',
    ],
    [
      'none',
      { 'data_batch_1.bin': new Uint8Array(0), 'test_batch.bin': records(1) },
      '0 bytes are not a whole number of records',
    ],
    [
      'range',
      { 'data_batch_1.bin': records(1), 'test_batch.bin': records(4, 10) },
      'the label of record 1 is 10, expected 0 to 9',
    ],
    [
      'gzip',
      { 'data_batch_1.bin': records(1), 'test_batch.bin.gz': records(1) },
      'cannot decompress it: incorrect header check',
    ],
  ])('refuses a folder with something wrong: %s', (name, files, message) => {
    const folder = writeFolder(name, files);
    expect(() => loadCifar10('cifar10:DIR', folder)).toThrow(message);
  });

  it('refuses a folder that is not there', () => {
    expect(() => loadCifar10('cifar10:DIR', join(root, 'nowhere'))).toThrow(/cannot read the folder: ENOENT/);
  });
});

describeWithTestdata('cifar10 of the test data', () => {
  it('reads parts of the original', () => {
    const { train, validation } = loadCifar10('cifar10:DIR', testdata('data/cifar10'));
    expect([train.count, validation.count]).toEqual([3000, 500]);
    // As the official test batch begins: cat, ship, ship, airplane, frog, frog.
    expect([...validation.labels.subarray(0, 6)]).toEqual([3, 8, 8, 0, 6, 6]);
    expect((validation.read(499) as Uint8Array).length).toBe(3072);
  });
});
