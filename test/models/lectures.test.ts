/**
 * The numbers that lectures on convolutional networks work out by hand (Stanford's CS231n and its exercises): output sizes,
 * parameters, VGG's table of maps and memory, receptive fields; and what convolutions promise, that a shifted image gives
 * shifted maps.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineModel } from 'cnnc';
import { buildGraph, type Model } from '../../compiler/index.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { layerTable, type LayerRow } from '../../compiler/package/layerTable.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import lenet5 from '../../models/lenet5.ts';
import resnet50 from '../../models/resnet50.ts';
import vgg16 from '../../models/vgg16.ts';
import { randomWeights } from '../support/weights.ts';

type Build = Parameters<typeof defineModel>[0]['build'];

const rowsOf = (model: Model): LayerRow[] => layerTable(buildGraph(model, { training: false }));

const layersOf = (image: readonly number[], build: Build): LayerRow[] =>
  rowsOf(defineModel({ name: 'exercise', inputs: { image: [...image] }, build }));

interface Exercise {
  readonly image: readonly [number, number, number, number];
  readonly channels: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
}

const convolution = ({ image, channels, kernel, stride = 1, padding = 0 }: Exercise): LayerRow =>
  layersOf(image, (net, { image }) => ({
    y: net.conv2d('conv', image!, { channels, kernel, stride, padding }),
  }))[0]!;

describe('output sizes and parameters', () => {
  it.each<[string, Exercise, number[], number]>([
    [
      'a 5x5 filter over a CIFAR image',
      { image: [1, 3, 32, 32], channels: 1, kernel: 5 },
      [1, 1, 28, 28],
      76,
    ],
    [
      'ten of them, padded',
      { image: [1, 3, 32, 32], channels: 10, kernel: 5, padding: 2 },
      [1, 10, 32, 32],
      760,
    ],
    ['3x3 on 7x7', { image: [1, 1, 7, 7], channels: 1, kernel: 3 }, [1, 1, 5, 5], 10],
    ['3x3 on 7x7, stride 2', { image: [1, 1, 7, 7], channels: 1, kernel: 3, stride: 2 }, [1, 1, 3, 3], 10],
    ['3x3 on 7x7, padded', { image: [1, 1, 7, 7], channels: 1, kernel: 3, padding: 1 }, [1, 1, 7, 7], 10],
    [
      "AlexNet's first",
      { image: [1, 3, 227, 227], channels: 96, kernel: 11, stride: 4 },
      [1, 96, 55, 55],
      34_944,
    ],
    [
      '1x1 from 64 to 32 channels',
      { image: [1, 64, 56, 56], channels: 32, kernel: 1 },
      [1, 32, 56, 56],
      2080,
    ],
  ])('%s', (_, exercise, shape, parameters) => {
    expect(convolution(exercise)).toMatchObject({ shape, parameters });
  });

  it('three 3x3 layers see what one 7x7 layer sees, for 27 C^2 weights instead of 49 C^2', () => {
    const C = 16;
    const stack = (kernels: readonly number[]) =>
      layersOf([1, C, 32, 32], (net, { image }) => ({
        y: kernels.reduce(
          (x, kernel, i) => net.conv2d(`conv${i}`, x, { channels: C, kernel, padding: 'same', bias: false }),
          image!,
        ),
      }));
    const [three, one] = [stack([3, 3, 3]), stack([7])];
    expect(three.at(-1)!.receptiveField).toEqual([7, 7]);
    expect(one.at(-1)!.receptiveField).toEqual([7, 7]);
    const weights = (rows: readonly LayerRow[]) => rows.reduce((sum, row) => sum + row.parameters, 0);
    expect([weights(three), weights(one)]).toEqual([27 * C * C, 49 * C * C]);
  });

  it('the bottleneck of Inception: 854 M multiply-adds without 1x1 layers, 271 M with them', () => {
    const [image, conv] = [[1, 256, 28, 28], { padding: 'same', bias: false } as const];
    const naive = layersOf(image, (net, { image: x }) => ({
      a: net.conv2d('a', x!, { ...conv, channels: 128, kernel: 1 }),
      b: net.conv2d('b', x!, { ...conv, channels: 192, kernel: 3 }),
      c: net.conv2d('c', x!, { ...conv, channels: 96, kernel: 5 }),
    }));
    const reduced = layersOf(image, (net, { image: x }) => ({
      a: net.conv2d('a', x!, { ...conv, channels: 128, kernel: 1 }),
      b: net.conv2d('b', net.conv2d('b1', x!, { ...conv, channels: 64, kernel: 1 }), {
        ...conv,
        channels: 192,
        kernel: 3,
      }),
      c: net.conv2d('c', net.conv2d('c1', x!, { ...conv, channels: 64, kernel: 1 }), {
        ...conv,
        channels: 96,
        kernel: 5,
      }),
      d: net.conv2d('d', net.maxPool(x!, { kernel: 3, stride: 1, padding: 1 }), {
        ...conv,
        channels: 64,
        kernel: 1,
      }),
    }));
    const work = (rows: readonly LayerRow[]) =>
      rows.reduce((sum, { op, multiplyAdds }) => (op === 'conv2d' ? sum + multiplyAdds : sum), 0);
    expect(Math.round(work(naive) / 1e6)).toBe(854);
    // The slides sum their six terms up to 358 M; they are 271 M.
    expect(Math.round(work(reduced) / 1e6)).toBe(271);
  });
});

describe('VGG-16', () => {
  /** Numbers of a map, weights without biases. */
  const TABLE: readonly [string, number, number][] = [
    ['conv2d', 224 * 224 * 64, 1728],
    ['conv2d', 224 * 224 * 64, 36_864],
    ['maxPool', 112 * 112 * 64, 0],
    ['conv2d', 112 * 112 * 128, 73_728],
    ['conv2d', 112 * 112 * 128, 147_456],
    ['maxPool', 56 * 56 * 128, 0],
    ['conv2d', 56 * 56 * 256, 294_912],
    ['conv2d', 56 * 56 * 256, 589_824],
    ['conv2d', 56 * 56 * 256, 589_824],
    ['maxPool', 28 * 28 * 256, 0],
    ['conv2d', 28 * 28 * 512, 1_179_648],
    ['conv2d', 28 * 28 * 512, 2_359_296],
    ['conv2d', 28 * 28 * 512, 2_359_296],
    ['maxPool', 14 * 14 * 512, 0],
    ['conv2d', 14 * 14 * 512, 2_359_296],
    ['conv2d', 14 * 14 * 512, 2_359_296],
    ['conv2d', 14 * 14 * 512, 2_359_296],
    ['maxPool', 7 * 7 * 512, 0],
    ['linear', 4096, 102_760_448],
    ['linear', 4096, 16_777_216],
    ['linear', 1000, 4_096_000],
  ];

  it("has the lecture's maps and weights, 15.2 million numbers and 138 million parameters", () => {
    const rows = rowsOf(vgg16).filter(({ op }) => op !== 'adaptiveAveragePool' && op !== 'dropout');
    const numbers = ({ shape }: LayerRow): number => shape.reduce((a, b) => a * b, 1);
    const biases = ({ op, shape }: LayerRow): number => (op === 'maxPool' ? 0 : shape[1]!);
    expect(rows.map((row) => [row.op, numbers(row), row.parameters - biases(row)])).toEqual(TABLE);
    expect((224 * 224 * 3 + rows.reduce((sum, row) => sum + numbers(row), 0)) / 1e6).toBeCloseTo(15.2, 1);
    expect(rows.reduce((sum, row) => sum + row.parameters, 0)).toBe(138_357_544);
  });
});

describe('receptive fields', () => {
  const fieldOf = (model: Model, layer: string) =>
    rowsOf(model).find((row) => row.layer === layer)!.receptiveField;

  it('are those that others work out for the same layers', () => {
    expect(fieldOf(lenet5, 'convnet.c5')).toEqual([32, 32]);
    expect(fieldOf(vgg16, 'features.28')).toEqual([196, 196]);
    expect(fieldOf(resnet50, 'layer4.2.conv3')).toEqual([427, 427]);
  });

  it('grow with dilation, shrink their steps where maps are enlarged, and span the plane after a pool', () => {
    const rows = layersOf([1, 2, 32, 32], (net, { image }) => {
      let x = net.conv2d('a', image!, { channels: 2, kernel: 3, dilation: 4, padding: 4 });
      x = net.maxPool(x, { kernel: 2 });
      x = net.convTranspose2d('up', x, { channels: 2, kernel: 2, stride: 2 });
      x = net.conv2d('b', x, { channels: 2, kernel: 3, padding: 1 });
      return { y: net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 3 }) };
    });
    const fields = Object.fromEntries(rows.map(({ layer, receptiveField }) => [layer, receptiveField?.[0]]));
    expect(fields).toEqual({ a: 9, maxPool: 10, up: 10, b: 12, globalAveragePool: 43, fc: 43 });
  });
});

describe('translation', () => {
  it('of the image is translation of the maps, away from the borders', () => {
    const SIZE = 24;
    const model = (stride: number, kernel: number, pooled: boolean) =>
      defineModel({
        name: 'shifted',
        inputs: { image: [1, 2, SIZE, SIZE] },
        build(net, { image }) {
          let x = net.relu(
            net.conv2d('a', image, { channels: 3, kernel, stride, padding: (kernel - 1) / 2 }),
          );
          if (pooled) x = net.maxPool(x, { kernel: 2 });
          return { y: net.conv2d('b', x, { channels: 2, kernel: 3, padding: 1 }) };
        },
      });
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 3, 5),
        fc.boolean(),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 2 }),
        fc.integer(),
        (stride, kernel, pooled, down, right, seed) => {
          const graph = buildGraph(model(stride, kernel, pooled), { training: false });
          const weights = Object.fromEntries(randomWeights(parametersOf(graph)));
          const step = stride * (pooled ? 2 : 1);
          const at = (y: number, x: number, c: number): number =>
            Math.sin(seed + c * 91.7 + y * 3.1 + x * 7.7 + y * x);
          const run = (dy: number, dx: number) => {
            const image = Float64Array.from({ length: 2 * SIZE * SIZE }, (_, i) =>
              at((Math.floor(i / SIZE) % SIZE) - dy, (i % SIZE) - dx, Math.floor(i / SIZE / SIZE)),
            );
            return evaluateGraph(graph, { ...weights, image }).outputs['y']!;
          };
          const [plain, moved] = [run(0, 0), run(down * step, right * step)];
          const size = Math.sqrt(plain.length / 2);
          // Elements whose windows touch no border, here nor there.
          const margin = 3;
          for (let c = 0; c < 2; c++)
            for (let y = margin + down; y < size - margin; y++)
              for (let x = margin + right; x < size - margin; x++) {
                const here = moved[(c * size + y) * size + x]!;
                const there = plain[(c * size + y - down) * size + x - right]!;
                expect(Math.abs(here - there)).toBeLessThan(1e-9);
              }
        },
      ),
      { numRuns: 25, seed: 31 },
    );
  });
});
