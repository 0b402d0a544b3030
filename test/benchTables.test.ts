/** The parts of test/bench/ that do not measure time: statistics, tables, sizes, and the plan for tfjs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel } from '../compiler/index.ts';
import { initializeParameters } from '../compiler/frontend/initialize.ts';
import { permute } from './bench/permute.ts';
import { planTfjs } from './bench/planTfjs.ts';
import { shippedPackage } from './bench/shipped.ts';
import { median, relativeDifference, summarize } from './bench/statistics.ts';
import { formatMs, markdownTable } from './bench/tables.ts';
import { createFolders } from './support/folders.ts';

const newFolder = createFolders();

describe('statistics', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 10])).toBe(9);
    expect(median([4, 1, 10, 2])).toBe(3);
    expect(() => median([])).toThrow('nothing');
  });

  it('leaves the samples in their order', () => {
    const samples = [3, 1, 2];
    expect(summarize(samples)).toEqual({ median: 2, min: 1, max: 3, runs: 3 });
    expect(samples).toEqual([3, 1, 2]);
  });

  it('measures differences by the largest number that is expected', () => {
    expect(relativeDifference([1, -9], [1, -10])).toBeCloseTo(0.1);
    expect(relativeDifference([0, 0], [0, 0])).toBe(0);
  });

  it('finds nothing near what is no number, or of another length', () => {
    expect(relativeDifference([NaN, 1], [0, 1])).toBe(Infinity);
    expect(relativeDifference([1], [1, 0])).toBe(Infinity);
    expect(relativeDifference([1], [0])).toBe(Infinity);
  });
});

describe('tables', () => {
  it('align their columns and mark what is missing', () => {
    const table = markdownTable(
      ['net', 'ms'],
      [
        ['resnet18', '150'],
        ['x', undefined],
      ],
    );
    expect(table.split('\n')).toEqual([
      '| net      |  ms |',
      '| -------- | --: |',
      '| resnet18 | 150 |',
      '| x        |   – |',
    ]);
  });

  it('show three digits', () => {
    expect([1234, 150.4, 34.56, 3.638, 0.0823].map(formatMs)).toEqual([
      '1234',
      '150',
      '34.6',
      '3.64',
      '0.082',
    ]);
  });
});

describe('shipped bytes', () => {
  it('are those of JavaScript and WebAssembly, compressed file by file', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'training'));
    const code = 'export const x = 1;\n'.repeat(100);
    for (const name of ['index.js', 'training/step.js', 'kernels.wasm'])
      writeFileSync(join(folder, name), code);
    for (const name of [
      'index.ts',
      'index.d.ts',
      'kernels.wat',
      'README.md',
      'weights.safetensors',
      'package.json',
    ])
      writeFileSync(join(folder, name), code);
    const gzip = 3 * gzipSync(code, { level: 9 }).length;
    expect(shippedPackage(folder)).toEqual({ files: 3, raw: 3 * code.length, gzip });
  });
});

describe('permute', () => {
  it('turns NCHW to NHWC', () => {
    const numbers = Float32Array.from({ length: 12 }, (_, i) => i);
    expect([...permute(numbers, [1, 2, 2, 3], [0, 2, 3, 1])]).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]);
  });
});

describe('the plan for tfjs', () => {
  const model = defineModel({
    name: 'small',
    inputs: { image: [1, 3, 8, 8] },
    build(net, { image }) {
      const x = net.relu(net.conv2d('a', image, { channels: 4, kernel: 3, padding: 1 }));
      const y = net.clip(net.conv2d('b', x, { channels: 4, kernel: 3, padding: 1, groups: 4 }), {
        low: 0,
        high: 6,
      });
      const z = net.maxPool(net.add(x, y), { kernel: 3, stride: 2, ceilMode: true });
      return { logits: net.linear('fc', net.flatten(z), { features: 2 }) };
    },
  });
  const graph = buildGraph(model, { training: false });
  const { plan, numbers } = planTfjs(graph, initializeParameters(graph, 1), 'logits', true);

  it('has activations within the layers that tfjs can fuse them with', () => {
    const steps = plan.steps.map((step) =>
      'activation' in step ? `${step.op} ${step.activation}` : step.op,
    );
    expect(steps).toEqual([
      'conv2d relu',
      'depthwiseConv2d relu6',
      'add',
      'maxPool',
      'reshape',
      'matMul linear',
    ]);
  });

  it('makes padding of what a window reaches beyond the image', () => {
    expect(plan.steps.find(({ op }) => op === 'maxPool')).toMatchObject({ sides: [0, 1, 0, 1] });
  });

  it('holds each tensor once, one after the other', () => {
    expect(plan.tensors.map(({ shape }) => shape)).toEqual([
      [4],
      [3, 3, 3, 4],
      [4],
      [3, 3, 4, 1],
      [64, 2],
      [2],
    ]);
    expect(numbers.length).toBe(4 + 108 + 4 + 36 + 128 + 2);
  });
});
