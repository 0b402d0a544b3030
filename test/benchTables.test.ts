/** The parts of test/bench/ that do not measure time: statistics, tables, sizes, and the plan for tfjs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel } from '../compiler/index.ts';
import { initializeParameters } from '../compiler/frontend/initialize.ts';
import { documentTables } from './bench/documentTables.ts';
import { permute } from './bench/permute.ts';
import { planTfjs } from './bench/planTfjs.ts';
import { report } from './bench/report.ts';
import type { Results } from './bench/results.ts';
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

/** Results of these medians by engine; what is no number is a state. */
function resultsOf(times: Readonly<Record<string, number | 'failed'>>): Results {
  const kindOf = (name: string) =>
    name.startsWith('cnnc')
      ? ('cnnc' as const)
      : name === 'ort-node'
        ? ('native' as const)
        : ('web' as const);
  const engines = Object.keys(times).map((name) => ({ name, kind: kindOf(name), runtime: 'Node v24' }));
  const speed = Object.entries(times).map(([engine, ms]) =>
    ms === 'failed'
      ? { engine, state: 'failed' as const, reason: 'no memory' }
      : {
          ...{ engine, state: 'timed' as const, difference: 0, warmUpRuns: 3 },
          ...{ times: summarize([ms]), samples: [ms] },
        },
  );
  return {
    ...{ task: 'inference', host: 'node', engines, peers: {} },
    machine: { cpu: 'some', cores: 2, memoryBytes: 2 ** 30, platform: 'linux x64', load: 0 },
    nets: [
      { net: 'resnet18', batch: 1, facts: { wasm: { weightBytes: 80, arenaBytes: 20, multiplyAdds: 1 } } },
    ],
    speed: [{ net: 'resnet18', reference: 'ort-node', engines: speed }],
    ...{ coldStart: [], peaks: [], shipped: [] },
  };
}

describe('the tables of the documents', () => {
  const times = { 'cnnc wasm': 50, 'ort-web': 126, 'tfjs-wasm': 131, litert: 119, 'ort-node': 25.3 };
  const cellsOf = (table: string): string[][] =>
    table.split('\n').map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

  it('name the fastest of the web peers, and how much faster cnnc is', () => {
    const [table = '', ...others] = documentTables(resultsOf({ ...times, 'cnnc wasm (plain SIMD)': 60 }));
    const [header, , row] = cellsOf(table);
    expect([header, row]).toEqual([
      [
        ...['net', 'cnnc wasm', 'plain SIMD', 'LiteRT.js', 'onnxruntime-web', 'tfjs-wasm'],
        ...['onnxruntime-node', 'fastest web peer', 'times faster'],
      ],
      ['ResNet-18', '50.0', '60.0', '119', '126', '131', '25.3', 'LiteRT.js', '2.38'],
    ]);
    expect(others).toEqual([]);
  });

  it('take the next peer where one was not timed', () => {
    const [table = ''] = documentTables(resultsOf({ ...times, litert: 'failed' }));
    const [, , row] = cellsOf(table);
    expect(row).toEqual(['ResNet-18', '50.0', '–', '126', '131', '25.3', 'onnxruntime-web', '2.52']);
  });

  it('have PyTorch and the batch in training, and no web peer', () => {
    const results = resultsOf({ 'cnnc wasm': 3, 'tfjs-cpu': 947, pytorch: 4 });
    const [table = ''] = documentTables({ ...results, task: 'training' });
    expect(cellsOf(table).filter((_, i) => i !== 1)).toEqual([
      ['net', 'batch', 'cnnc wasm', 'PyTorch'],
      ['ResNet-18', '1', '3.00', '4.00'],
    ]);
  });

  it('have cold starts, code and memory in a table of engines', () => {
    const bytes = { files: 1, raw: 9000, gzip: 3000 };
    const ms = summarize([150]);
    const [, table = ''] = documentTables({
      ...resultsOf({ 'cnnc wasm': 50, litert: 119 }),
      coldStart: [{ net: 'resnet18', results: [{ engine: 'litert', ms }], failures: [] }],
      shipped: [
        { what: 'cnnc wasm, resnet18', bytes },
        { what: 'litert', bytes: { ...bytes, gzip: 2.5e6 } },
      ],
      peaks: [
        {
          ...{ net: 'resnet18', failures: [] },
          results: [{ engine: 'cnnc wasm', bytes: 115, bareNode: 1 }],
        },
      ],
    });
    expect(cellsOf(table).filter((_, i) => i !== 1)).toEqual([
      ['', 'cnnc wasm', 'LiteRT.js'],
      ['ResNet-18: from the start of the process to the logits', '–', '150 ms'],
      ['code without weights, gzip', '3.0 KB', '2.50 MB'],
      ['ResNet-18: peak memory, in times of weights + arena', '1.15', '–'],
    ]);
  });

  it('are not there without cnnc, or without a peer', () => {
    expect(documentTables(resultsOf({ litert: 119 }))).toEqual([]);
    expect(documentTables(resultsOf({ 'cnnc wasm': 50 }))).toEqual([]);
  });

  it('are in the report, which names the host and what was not measured there', () => {
    const inNode = report(resultsOf(times));
    expect(inNode).toContain('one thread, in Node\n');
    expect(inNode).toContain(documentTables(resultsOf(times))[0]);
    expect(inNode).not.toContain('Node only');
    const inChromium = report({ ...resultsOf(times), host: 'chromium' });
    expect(inChromium).toContain('one thread, in Chromium\n');
    expect(inChromium).toContain('Cold start, shipped bytes and memory are measured in Node only.');
    expect(inChromium).toContain('2.38 x');
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

  it('are those of one build of the kernels, the one that pages of today load', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'index.js'), 'x');
    writeFileSync(join(folder, 'kernels.wasm'), 'plain');
    writeFileSync(join(folder, 'kernels.relaxed.wasm'), 'relaxed');
    expect(shippedPackage(folder)).toMatchObject({ files: 2, raw: 'x'.length + 'relaxed'.length });
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
