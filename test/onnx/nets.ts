/** Trained nets from their ONNX files, against PyTorch's and onnxruntime's outputs. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSafetensors, toFloat32, type StoredTensor } from '../../compiler/frontend/safetensors.ts';
import type { Recorded } from '../../compiler/importers/recorded/recordModel.ts';
import { maxAbs } from '../support/numbers.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { importPath, runBatch, type Runner } from './support.ts';

/** Tolerance, relative to the largest output. Single precision in another order: the nets' own files agree within 2e-5. */
const TOLERANCE = 1e-4;

interface Net {
  readonly translated: Recorded;
  readonly expected: ReadonlyMap<string, StoredTensor>;
}

export function readNet(net: string, file = 'model.onnx'): Net {
  const translated = importPath(testdata(`nets/${net}/${file}`));
  const bytes = readFileSync(testdata(`nets/${net}/expected.safetensors`));
  return { translated, expected: readSafetensors(bytes, net).tensors };
}

const numbers = (net: Net, name: string): Float32Array => toFloat32(net.expected.get(name)!);

function expectClose(actual: ArrayLike<number>, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const largest = maxAbs(expected);
  const distance = maxAbs(expected.map((wanted, i) => actual[i]! - wanted));
  expect(distance / largest).toBeLessThan(TOLERANCE);
}

/** [height, width, 3] bytes as [3, height, width] from 0 to 1. */
function imageOf(net: Net, index: number): Float32Array {
  const { shape, bytes } = net.expected.get('image_u8')!;
  const [, height, width] = shape as [number, number, number];
  const plane = height * width;
  const start = index * plane * 3;
  return Float32Array.from(
    { length: 3 * plane },
    (_, i) => bytes[start + (i % plane) * 3 + Math.floor(i / plane)]! / 255,
  );
}

/** Every row of the expected outputs, `batch` at a time. */
function checkBatches(runner: Runner, name: string, batch: number): void {
  const net = readNet(name);
  const [input, output] = [numbers(net, 'input'), numbers(net, 'output')];
  const count = net.expected.get('input')!.shape[0]!;
  const results: number[] = [];
  for (let i = 0; i < count; i += batch) {
    const part = input.subarray((i * input.length) / count, ((i + batch) * input.length) / count);
    results.push(...Object.values(runBatch(runner, net.translated, batch, part))[0]!);
  }
  expectClose(results, output);
}

export function describeNets(runners: readonly Runner[]): void {
  for (const runner of runners) {
    describeWithTestdata(`${runner.name}: nets from their ONNX`, () => {
      it('LeNet-5 on 64 digits', () => checkBatches(runner, 'mnist-lenet5', 64));
      it('ResNet-20 with option A', () => checkBatches(runner, 'cifar10-resnet20-optA', 8));
      it('ResNet-20 with option B', () => checkBatches(runner, 'cifar10-resnet20-optB', 8));
      it("CNTK's MNIST, whose batch is fixed at 1", () => checkBatches(runner, 'mnist-cntk-onnx', 1));

      it("Tiny Darknet's classes of 5 photos", () => {
        const net = readNet('imagenet-darknet-tiny');
        const expected = numbers(net, 'output');
        const images = Array.from({ length: 5 }, (_, i) => imageOf(net, i));
        const results = images.flatMap((image) => [...runBatch(runner, net.translated, 1, image)['output']!]);
        expectClose(results, expected);
        expectClose(images[0]!, numbers(net, 'input_0'));
      });

      it('visual wake words on 4 photos', () => {
        const net = readNet('vww-mobilenet0.25-96');
        const input = Float32Array.from([0, 1, 2, 3].flatMap((i) => [...imageOf(net, i)]));
        expectClose(runBatch(runner, net.translated, 4, input)['output']!, numbers(net, 'output'));
      });

      it("ESPCN's picture, three times as large", () => {
        const net = readNet('superres-espcn-x3');
        const { output } = runBatch(runner, net.translated, 1, numbers(net, 'input'));
        expectClose(output!, numbers(net, 'output'));
      });

      it.each(['model.onnx', 'model_simplified.onnx'])("UltraFace's scores and boxes from %s", (file) => {
        const net = readNet('ultraface-slim-320', file);
        const { scores, boxes } = runBatch(runner, net.translated, 1, numbers(net, 'input'));
        expectClose(scores!, numbers(net, 'scores'));
        expectClose(boxes!, numbers(net, 'boxes'));
      });
    });
  }
}
