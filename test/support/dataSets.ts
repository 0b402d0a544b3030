/** The data sets' own pixels, of the test data. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { testdata } from './testdata.ts';

export interface Image {
  /** Interleaved. */
  readonly pixels: Uint8Array;
  readonly size: number;
  readonly label: number;
}

/** The first 500 images of the test set: a label, then the planes of red, green and blue. */
export function cifarImages(): Image[] {
  const records = gunzipSync(readFileSync(testdata('data/cifar10/test_0_499.bin.gz')));
  const [size, plane] = [32, 32 * 32];
  return Array.from({ length: records.length / (1 + 3 * plane) }, (_, i) => {
    const [label, ...planes] = records.subarray(i * (1 + 3 * plane), (i + 1) * (1 + 3 * plane));
    const pixels = Uint8Array.from(planes, (_level, at) => planes[(at % 3) * plane + Math.floor(at / 3)]!);
    return { pixels, size, label: label! };
  });
}

export function digitImages(count: number): Image[] {
  const bytes = (name: string) => gunzipSync(readFileSync(testdata(`data/mnist/t10k-${name}-ubyte.gz`)));
  const [images, labels] = [bytes('images-idx3').subarray(16), bytes('labels-idx1').subarray(8)];
  const [size, area] = [28, 28 * 28];
  return Array.from({ length: count }, (_, i) => {
    return { pixels: images.subarray(i * area, (i + 1) * area), size, label: labels[i]! };
  });
}
