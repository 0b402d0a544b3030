import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadMnist } from '../../compiler/training/data/mnist.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { idxFile, temporaryFolder } from './support.ts';

const root = temporaryFolder();

const FILES = {
  'train-images-idx3-ubyte': idxFile(
    [3, 2, 2],
    Uint8Array.from({ length: 12 }, (_, i) => i),
  ),
  'train-labels-idx1-ubyte': idxFile([3], Uint8Array.of(7, 0, 9)),
  't10k-images-idx3-ubyte': idxFile([1, 2, 2], Uint8Array.of(9, 8, 7, 6)),
  't10k-labels-idx1-ubyte': idxFile([1], Uint8Array.of(4)),
};

/** A folder with these files; `null` leaves one out. */
function writeFolder(name: string, changed: Readonly<Record<string, Uint8Array | null>> = {}): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries<Uint8Array | null>({ ...FILES, ...changed })) {
    if (bytes) writeFileSync(join(folder, file), bytes);
  }
  return folder;
}

describe('mnist', () => {
  it('is all there in the npm package', () => {
    const { train, validation, extents, classes } = loadMnist('mnist');
    expect([train.count, validation.count, extents, classes.length]).toEqual([60000, 10000, [1, 28, 28], 10]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    const counts = new Array<number>(10).fill(0);
    for (const label of validation.labels) counts[label]!++;
    expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    // The first digit is a five, whose first stroke begins in row 5.
    const five = train.read(0) as Uint8Array;
    expect([five.length, five.findIndex((level) => level > 0)]).toEqual([784, 5 * 28 + 12]);
  });

  it('comes from a folder, plain or as .gz, under either name', () => {
    const labels = FILES['train-labels-idx1-ubyte'];
    const folder = writeFolder('compressed', {
      'train-labels-idx1-ubyte': null,
      'train-labels-idx1-ubyte.gz': gzipSync(labels),
      't10k-labels-idx1-ubyte': null,
      't10k-labels.idx1-ubyte': FILES['t10k-labels-idx1-ubyte'],
    });
    const { train, validation } = loadMnist('mnist:compressed', folder);
    expect([...train.labels, ...validation.labels]).toEqual([7, 0, 9, 4]);
    expect([...(train.read(2) as Uint8Array)]).toEqual([8, 9, 10, 11]);
  });

  it.each<[string, Readonly<Record<string, Uint8Array | null>>, string[]]>([
    [
      'missing',
      { 't10k-images-idx3-ubyte': null },
      ['there is no t10k-images-idx3-ubyte or t10k-images.idx3-ubyte, with or without .gz'],
    ],
    [
      'short',
      { 't10k-labels-idx1-ubyte': Uint8Array.of(0, 0, 8) },
      ['t10k-labels-idx1-ubyte', 'it has 3 bytes, too few for a header'],
    ],
    [
      'magic',
      { 'train-labels-idx1-ubyte': FILES['train-images-idx3-ubyte'] },
      [
        'train-labels-idx1-ubyte',
        'it begins with 0x00000803',
        'expected an IDX file of unsigned bytes of rank 1',
      ],
    ],
    [
      'cut',
      { 'train-images-idx3-ubyte': FILES['train-images-idx3-ubyte'].subarray(0, 20) },
      ['its header says 3x2x2, 28 bytes in all; it has 20'],
    ],
    ['count', { 'train-labels-idx1-ubyte': idxFile([2], Uint8Array.of(1, 2)) }, ['2 labels for 3 images']],
    [
      'range',
      { 'train-labels-idx1-ubyte': idxFile([3], Uint8Array.of(1, 2, 10)) },
      ['train-labels-idx1-ubyte', 'label 2 is 10, expected 0 to 9'],
    ],
    [
      'extents',
      { 't10k-images-idx3-ubyte': idxFile([1, 1, 4], new Uint8Array(4)) },
      ['the training images are 2x2, the test images 1x4'],
    ],
    [
      'gzip',
      {
        'train-labels-idx1-ubyte': null,
        'train-labels-idx1-ubyte.gz': gzipSync(new Uint8Array(99)).subarray(0, 12),
      },
      ['train-labels-idx1-ubyte.gz', 'cannot decompress it: unexpected end of file'],
    ],
    [
      'empty',
      {
        't10k-images-idx3-ubyte': idxFile([0, 2, 2], new Uint8Array(0)),
        't10k-labels-idx1-ubyte': idxFile([0], new Uint8Array(0)),
      },
      ['it holds no images'],
    ],
  ])('refuses a folder with something wrong: %s', (name, changed, messages) => {
    const folder = writeFolder(name, changed);
    for (const message of messages) expect(() => loadMnist('mnist:DIR', folder)).toThrow(message);
  });

  it('refuses a folder that is not there', () => {
    expect(() => loadMnist('mnist:DIR', join(root, 'nowhere'))).toThrow(/mnist \(.*nowhere\): there is no/);
  });
});

describeWithTestdata('mnist of the test data', () => {
  it('reads the original files', () => {
    const { train, validation } = loadMnist('mnist:DIR', testdata('data/mnist'));
    const packaged = loadMnist('mnist');
    expect([train.labels, validation.labels]).toEqual([packaged.train.labels, packaged.validation.labels]);
    expect(validation.read(9999)).toEqual(packaged.validation.read(9999));
  });
});
