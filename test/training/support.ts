/** Data sets that fit a test: small, made of distinct numbers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { packedExamples, type DataSet, type Examples } from '../../compiler/training/dataset.ts';

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cnnc-training-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** `count` images of 1x4x4, of class i % 3; a class has its own bright row. */
function stripes(count: number): Examples {
  const labels = Uint16Array.from({ length: count }, (_, i) => i % 3);
  const levels = new Uint8Array(count * 16);
  labels.forEach((label, i) => {
    for (let p = 0; p < 16; p++) {
      const noise = (i * 37 + p * 101) % 90;
      levels[i * 16 + p] = noise + (Math.floor(p / 4) === label ? 150 : 0);
    }
  });
  return packedExamples(levels, labels, 16);
}

export const stripeData = (train: number, validation: number): DataSet => ({
  name: 'stripes',
  extents: [1, 4, 4],
  classes: ['top', 'upper', 'lower'],
  train: stripes(train),
  validation: stripes(validation),
  normalization: { mean: [0.3], std: [0.3] },
  augmentation: { flip: true, shift: 1 },
});

/** An IDX file of unsigned bytes. */
export function idxFile(extents: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * extents.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x800 + extents.length);
  extents.forEach((extent, axis) => view.setUint32(4 + 4 * axis, extent));
  bytes.set(data, 4 + 4 * extents.length);
  return bytes;
}
