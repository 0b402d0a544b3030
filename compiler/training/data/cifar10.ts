/**
 * CIFAR-10 (Krizhevsky 2009) in its binary version: records of one label byte and the red, green and blue planes,
 * u8[3,32,32]. Every `data_batch_*` (or `train_*`) file of the folder is for training, every `test_*` file for
 * validation. Files may be plain or .gz, and hold all or a part of the original.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, plural } from '../../diagnostics/diagnostic.ts';
import { readBytes, type DataFile } from './dataFile.ts';
import { packedExamples, type DataSet, type Examples } from '../dataset.ts';

const SUBJECT = 'cifar10';
const PIXEL_BYTES = 3 * 32 * 32;
const RECORD_BYTES = 1 + PIXEL_BYTES;

const CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

export function loadCifar10(name: string, folder: string): DataSet {
  const files = listFolder(folder);
  return {
    name,
    extents: [3, 32, 32],
    classes: CLASSES,
    train: readExamples(folder, files, /^(data_batch|train)_.*\.bin(\.gz)?$/, 'data_batch_1.bin'),
    validation: readExamples(folder, files, /^test_.*\.bin(\.gz)?$/, 'test_batch.bin'),
    normalization: { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
    augmentation: { flip: true, shift: 4 },
  };
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    return fail('CNNC5001', SUBJECT, { file: folder }, `cannot read the folder: ${(error as Error).message}`);
  }
}

function readExamples(folder: string, files: readonly string[], wanted: RegExp, example: string): Examples {
  const paths = files.filter((file) => wanted.test(file)).map((file) => join(folder, file));
  if (paths.length === 0) {
    fail('CNNC6003', SUBJECT, { file: folder }, `there is no file such as ${example} or ${example}.gz`);
  }
  const records = Buffer.concat(paths.map((path) => checkRecords({ path, bytes: readBytes(SUBJECT, path) })));
  const labels = Uint16Array.from({ length: records.length / RECORD_BYTES }, (_, i) => {
    return records[i * RECORD_BYTES]!;
  });
  return packedExamples(records, labels, PIXEL_BYTES, { offset: 1, stride: RECORD_BYTES });
}

function checkRecords({ path, bytes }: DataFile): Uint8Array {
  const expected = [`expected records of ${RECORD_BYTES} bytes: a label, then the planes of 32x32 pixels`];
  if (bytes.length === 0 || bytes.length % RECORD_BYTES !== 0) {
    fail(
      'CNNC6004',
      SUBJECT,
      { file: path },
      `${plural(bytes.length, 'byte')} are not a whole number of records`,
      expected,
    );
  }
  for (let i = 0; i < bytes.length; i += RECORD_BYTES) {
    if (bytes[i]! < CLASSES.length) continue;
    const range = `0 to ${CLASSES.length - 1}`;
    fail(
      'CNNC6004',
      SUBJECT,
      { file: path },
      `the label of record ${i / RECORD_BYTES} is ${bytes[i]}, expected ${range}`,
      expected,
    );
  }
  return bytes;
}
