/**
 * PyTorch's training runs in the test data, and a small network on MNIST: shared by the tests that train at real
 * size.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { defineModel } from 'cnnc';
import { readSafetensors, type SafetensorsFile } from '../../compiler/frontend/safetensors.ts';
import { testdata } from '../support/testdata.ts';

export const readTensors = (path: string): SafetensorsFile => {
  const file = testdata(path);
  return readSafetensors(readFileSync(file), file);
};

export const readJson = (path: string): unknown => JSON.parse(readFileSync(testdata(path), 'utf8'));

/** PyTorch's optimizers decay every parameter. */
export const decays = (): boolean => true;

export const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

/**
 * What losses may differ by: tens of what PyTorch's own f32 run differs from its f64 run by, and half of
 * the last digit that was stored.
 */
export const lossTolerance = (f64: readonly number[], f32: readonly number[]): number =>
  30 * largestDifference(f64, f32) + 1e-6;

export const mnistCnn = defineModel({
  name: 'mnist-cnn',
  inputs: { image: [32, 1, 28, 28] },
  build(net, { image }) {
    let x = net.relu(net.conv2d('conv1', image, { channels: 8, kernel: 5, padding: 2 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(net.conv2d('conv2', x, { channels: 16, kernel: 5 }));
    x = net.flatten(net.maxPool(x, { kernel: 2 }));
    x = net.relu(net.linear('fc1', x, { features: 64 }));
    return { logits: net.linear('fc2', x, { features: 10 }) };
  },
});

export interface Trajectory {
  readonly batch: number;
  readonly loss_every_step: readonly number[];
  readonly loss_every_step_f32: readonly number[];
  readonly test_accuracy: number;
}

export interface Digits {
  /** Levels from 0 to 1. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

const PIXELS = 28 * 28;

/** The first `count` digits of a part of MNIST. */
export function readDigits(part: 'train' | 't10k', count: number): Digits {
  const bytes = (name: string) => gunzipSync(readFileSync(testdata(`data/mnist/${part}-${name}-ubyte.gz`)));
  const images = bytes('images-idx3').subarray(16, 16 + count * PIXELS);
  const labels = bytes('labels-idx1').subarray(8, 8 + count);
  return { images: Float32Array.from(images, (level) => level / 255), labels: Int32Array.from(labels) };
}

export const batchOf = ({ images, labels }: Digits, from: number, size: number) => ({
  image: images.subarray(from * PIXELS, (from + size) * PIXELS),
  label: labels.subarray(from, from + size),
});

/**
 * How far weights may be off after the hundred steps where sums are in f32, relative to the largest. Adam divides a gradient
 * by its own size, so that where it is little but rounding the step is as long as any: 3e-4 are a twentieth of one step of
 * a weight's 0.002, 1.2e-4 were measured. SGD takes rounding for what it is, as sums in doubles do.
 */
export const TRAINED_TOLERANCE = { sgd: 1e-4, adam: 3e-4 } as const;

/** The optimizers of the trajectories in the test data's `training/`. */
export const MNIST_RUNS = [
  ['sgd', { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4 }],
  ['adam', { learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
] as const;

export type MnistRun = (typeof MNIST_RUNS)[number];

export const trajectoryOf = (
  optimizer: string,
): { readonly folder: string; readonly trajectory: Trajectory } => {
  const folder = `training/mnist-cnn-${optimizer}`;
  return { folder, trajectory: readJson(`${folder}/trajectory.json`) as Trajectory };
};

/** The last batch overlaps the one before it where the digits do not fill it. */
export async function accuracyOf(
  logitsOf: (image: Float32Array) => Float32Array | Promise<Float32Array>,
  digits: Digits,
  batch: number,
): Promise<number> {
  const count = digits.labels.length;
  const right = new Uint8Array(count);
  for (let begin = 0; begin < count; begin += batch) {
    const from = Math.min(begin, count - batch);
    const { image, label } = batchOf(digits, from, batch);
    const logits = await logitsOf(image);
    label.forEach((wanted, n) => {
      const scores = Array.from(logits.subarray(n * 10, (n + 1) * 10));
      right[from + n] = scores.indexOf(Math.max(...scores)) === wanted ? 1 : 0;
    });
  }
  return right.reduce((sum, one) => sum + one, 0) / count;
}
