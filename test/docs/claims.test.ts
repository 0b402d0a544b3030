/** What README.md and docs/ say in numbers, tables and quoted messages is so. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCompileOptions, type CompileOptions } from '../../compiler/driver/options.ts';
import type { ModelOptions, PluginOptions } from '../../compiler/plugin/index.ts';
import { cnnc } from '../cli/support.ts';
import { commands } from '../support/docs/commandLine.ts';
import { createFolders } from '../support/folders.ts';
import { zooModel } from '../support/models.ts';
import { documents, readDocument } from './documents.ts';

const newFolder = createFolders();

it('README.md has at most 10 kB', () => {
  expect(readFileSync('README.md').length).toBeLessThanOrEqual(10_000);
});

describe('the comparison with other engines', () => {
  const tableOf = (file: string): string[] =>
    readDocument(file).split('<!-- table: engines -->\n\n')[1]!.split('\n\n')[0]!.split('\n');
  const cellsOf = (line: string): string[] =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1);
  const [header = [], , ...rows] = tableOf('README.md').map(cellsOf);
  const cell = (row: readonly string[], title: string): string | undefined => row[header.indexOf(title)];
  const webPeers = ['LiteRT.js', 'onnxruntime-web', 'tfjs-wasm'].filter((title) => header.includes(title));

  it('is the same in README.md and on the page about performance', () => {
    expect(rows).toHaveLength(11);
    expect(tableOf('README.md')).toEqual(tableOf('docs/performance.md'));
  });

  it.each(rows)('%s', (...row) => {
    const times = webPeers.map((title) => Number(cell(row, title)));
    const [web, ours] = [Math.min(...times), Number(cell(row, 'cnnc wasm'))];
    // The times have three digits, the factor is of the times before they were rounded.
    expect(Math.abs(Number(row.at(-1)) / (web / ours) - 1)).toBeLessThan(0.02);
    expect(Number(cell(row, 'plain SIMD'))).toBeGreaterThan(ours);
    expect(Number(cell(row, 'onnxruntime-node'))).toBeGreaterThan(0);
    expect([undefined, webPeers[times.indexOf(web)]]).toContain(cell(row, 'fastest web peer'));
  });

  it('has the factors that the promises name', () => {
    const factors = rows.map((row) => Number(row.at(-1)));
    const [least, most] = [Math.min(...factors), Math.max(...factors)].map((factor) => factor.toFixed(1));
    const named = `${least} to ${most} times as fast as the fastest other engine in WebAssembly`;
    expect(readDocument('README.md')).toContain(named);
    expect(readDocument('docs/index.md')).toContain(named);
    const native = Math.max(
      ...rows.map((row) => Number(cell(row, 'cnnc wasm')) / Number(cell(row, 'onnxruntime-node'))),
    );
    expect(readDocument('README.md').replace(/\s+/g, ' ')).toContain(
      `up to ${native.toFixed(1)} times as fast`,
    );
  });
});

it('ResNet-18 for the target typescript has as much JavaScript as the docs say', () => {
  const [, kilobytes, gzip] = /about (\d+) kB of JavaScript, (\d+) kB with gzip/.exec(
    readDocument('docs/generated-package.md').replace(/\s+/g, ' '),
  )!;
  const files = ['index', 'forward', 'kernels', 'memory', 'parameters', 'prepare', 'runtime'];
  const bytes = Buffer.concat(files.map((name) => readFileSync(`generated/resnet18/${name}.js`)));
  expect(Math.abs(bytes.length / 1000 / Number(kilobytes) - 1)).toBeLessThan(0.05);
  expect(Math.abs(gzipSync(bytes, { level: 9 }).length / 1000 / Number(gzip) - 1)).toBeLessThan(0.05);
});

describe('options', () => {
  const flags = new Set(commands().flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])));
  /** Options of other programs. */
  const others = [
    '--help',
    '--version',
    '--print-wasm-code',
    '--no-sandbox',
    '--allow-read',
    '--experimental-wasm-relaxed-simd',
    '--format=iife',
  ];

  it.each(documents)('that %s names in a sentence exist', (file) => {
    const named = [...readDocument(file).matchAll(/`(--[^\s`]+)[^`]*`/g)].map(([, flag]) => flag!);
    expect(named.filter((flag) => !flags.has(flag) && !others.includes(flag))).toEqual([]);
  });

  it('of compile() are all in the table of the library', async () => {
    const table = readDocument('docs/library.md').split('<!-- compile-options -->\n\n')[1]!.split('\n\n')[0]!;
    const named = table
      .split('\n')
      .slice(2)
      .flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)]);
    const all: Required<{ [Name in keyof CompileOptions]: true }> = {
      ...{ out: true, targets: true, inline: true, exact: true, tune: true, batch: true, inputs: true },
      ...{
        weights: true,
        seed: true,
        source: true,
        note: true,
        fixedWeights: true,
        packedWeights: true,
        training: true,
        disabledPasses: true,
      },
      ...{ force: true, name: true, preprocess: true, labels: true },
      ...{ onStage: true, onDump: true },
    };
    expect(new Set(named.map(([, name]) => name))).toEqual(new Set(Object.keys(all)));
    const model = await zooModel('lenet5');
    const unknown = { ...all, nothing: true } as unknown as CompileOptions;
    expect(() => readCompileOptions(model, unknown)).toThrow(/nothing/);
  });
});

it('options of the plugin are all in its table', () => {
  const table = readDocument('docs/plugin.md').split('<!-- plugin-options -->\n\n')[1]!.split('\n\n')[0]!;
  const rows = table.split('\n').slice(2);
  const named = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const all: Required<{ [Name in keyof (PluginOptions & ModelOptions)]: true }> = {
    ...{ target: true, inline: true, exact: true, batch: true, inputs: true, weights: true, seed: true },
    ...{ preprocess: true, labels: true, fixedWeights: true, packedWeights: true },
    ...{ train: true, optimizer: true, clip: true, maxMemory: true, microBatches: true },
    predictBatch: true,
    ...{ models: true, dts: true, cacheFolder: true },
  };
  expect(new Set(named)).toEqual(new Set(Object.keys(all)));
});

describe('a model file with a mistake', () => {
  const text = readDocument('docs/models.md');
  const [, source = ''] = /```ts\n(\/\/ models\/tiny\.ts\n[^]*?)```/.exec(text) ?? [];
  const [, diagnosis = ''] = /<!-- message: kernel 35 -->\n\n```\n([^]*?)```/.exec(text) ?? [];

  it('is diagnosed as the page about models shows', async () => {
    const folder = newFolder();
    const compile = (name: string, model: string) => {
      const file = join(mkdirSync(join(folder, name), { recursive: true })!, 'tiny.ts');
      writeFileSync(file, model.replace("'cnnc'", `'${process.cwd()}/compiler/index.ts'`));
      return cnnc(['compile', file, '--out', join(folder, 'out', name)]);
    };
    const good = await compile('good', source);
    expect([good.code, good.out], good.err).toEqual([0, expect.stringMatching(/^tiny -> /)]);
    const bad = await compile('bad', source.replace('kernel: 3', 'kernel: 35'));
    const place = /\([^()]*tiny\.ts:10\)/;
    expect([bad.code, bad.err]).toEqual([1, expect.stringMatching(place)]);
    expect(bad.err.replace(place, '(models/tiny.ts:10)')).toContain(diagnosis);
  });
});

it('an input of the wrong size is refused in the words of the page about packages', async () => {
  const text = readDocument('docs/generated-package.md');
  const [, message = ''] = /<!-- message: forward with 100 numbers -->\n\n```\n([^]*?)\n```/.exec(text) ?? [];
  const out = join(newFolder(), 'resnet20');
  expect((await cnnc(['compile', 'models/resnet20.ts', '--out', out])).code).toBe(0);
  const { load } = (await import(join(out, 'index.js'))) as {
    load(): Promise<{ forward(inputs: { image: Float32Array }): unknown }>;
  };
  const model = await load();
  expect(message).not.toBe('');
  expect(() => model.forward({ image: new Float32Array(100) })).toThrow(message);
});
