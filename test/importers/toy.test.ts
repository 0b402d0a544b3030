/** A format that is registered by its record alone: the library, `cnnc compile` and `cnnc import` take its files. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { compileCommand } from '../../compiler/cli/compile.ts';
import { importCommand } from '../../compiler/cli/import.ts';
import type { Terminal } from '../../compiler/cli/terminal.ts';
import { importFile } from '../../compiler/host/importFile.ts';
import { IMPORTERS } from '../../compiler/importers/index.ts';
import type { Importer } from '../../compiler/importers/types.ts';
import { compile, defineModel, type Model } from '../../compiler/index.ts';
import { writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { createFolders } from '../support/folders.ts';
import { toy } from './toy.ts';

const WITH_TOY: readonly Importer[] = [...IMPORTERS, toy];

const TEXT = `toy
input image Nx1x6x6
conv2d first 3 8 kernel.bin
relu
linear scores 4 matrix.bin
`;

const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step));

const kernel = wave(8 * 9 + 8, 0.7);
const matrix = wave(4 * 128 + 4, 0.3);

/** The same net by hand. */
const handWritten = defineModel({
  name: 'net',
  inputs: { image: [1, 1, 6, 6] },
  build(net, { image }) {
    const x = net.relu(net.conv2d('first', image, { kernel: 3, channels: 8 }));
    return { result: net.linear('scores', net.flatten(x), { features: 4 }) };
  },
});

const handWeights = writeSafetensors([
  { name: 'first.weight', shape: [8, 1, 3, 3], data: kernel.subarray(0, 72) },
  { name: 'first.bias', shape: [8], data: kernel.subarray(72) },
  { name: 'scores.weight', shape: [4, 128], data: matrix.subarray(0, 512) },
  { name: 'scores.bias', shape: [4], data: matrix.subarray(512) },
]);

const createFolder = createFolders();

/** A folder with the toy file, where `import 'cnnc'` finds the compiler. */
function toyFolder(): string {
  const folder = createFolder();
  writeFileSync(join(folder, 'net.toy'), TEXT);
  writeFileSync(join(folder, 'kernel.bin'), kernel);
  writeFileSync(join(folder, 'matrix.bin'), matrix);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(fileURLToPath(new URL('../../', import.meta.url)), join(folder, 'node_modules', 'cnnc'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

const image = wave(36, 1.1);

async function scoresOf(folder: string): Promise<number[]> {
  const { load } = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(): Promise<{ forward(inputs: { image: Float32Array }): { result: Float32Array } }>;
  };
  return [...(await load()).forward({ image }).result];
}

async function compiledScores(model: Model, weights: Uint8Array): Promise<number[]> {
  const out = join(createFolder(), 'package');
  await compile(model, { weights, out });
  return scoresOf(out);
}

type Create = (terminal: Terminal, importers: readonly Importer[]) => Command;

async function run(create: Create, ...args: string[]): Promise<string> {
  let out = '';
  const terminal = { out: (text: string) => void (out += text), err: () => undefined, interactive: false };
  await create(terminal, WITH_TOY).parseAsync(args, { from: 'user' });
  return out;
}

describe('a toy format', () => {
  it('is compiled by the library, and computes what the model written by hand does', async () => {
    const { model, weights } = await importFile(join(toyFolder(), 'net.toy'), {}, WITH_TOY);
    const expected = await compiledScores(handWritten, handWeights);
    expect(expected.every((score) => Number.isFinite(score) && score !== 0)).toBe(true);
    expect(await compiledScores(model, weights)).toEqual(expected);
  });

  it('is compiled by the command line', async () => {
    const folder = toyFolder();
    await run(compileCommand, join(folder, 'net.toy'), '--out', join(folder, 'package'));
    expect(await scoresOf(join(folder, 'package'))).toEqual(await compiledScores(handWritten, handWeights));
  });

  it('is printed as a model file, which computes the same', async () => {
    const folder = toyFolder();
    const [file, weights] = [join(folder, 'printed.ts'), join(folder, 'printed.safetensors')];
    await run(importCommand, join(folder, 'net.toy'), '--out', file);
    expect(readFileSync(file, 'utf8')).toBe(PRINTED);
    const out = join(folder, 'package');
    await run(compileCommand, file, '--weights', weights, '--out', out);
    expect(await scoresOf(out)).toEqual(await compiledScores(handWritten, handWeights));
  });

  it('is recognized by its first bytes, where the name says nothing', async () => {
    const folder = toyFolder();
    const bytes = new TextEncoder().encode(TEXT);
    const { model } = await importFile(bytes, { folder, name: 'Some Net' }, WITH_TOY);
    expect([model.name, model.inputs['image']!.shape]).toEqual(['some-net', [1, 1, 6, 6]]);
    writeFileSync(join(folder, 'unnamed'), TEXT);
    const unnamed = await importFile(join(folder, 'unnamed'), { inputs: { image: [2, 1, 6, 6] } }, WITH_TOY);
    expect([unnamed.model.name, unnamed.model.inputs['image']!.shape]).toEqual(['unnamed', [2, 1, 6, 6]]);
  });

  it('reports errors in its own name', async () => {
    const folder = toyFolder();
    const file = join(folder, 'net.toy');
    const importing = (source: string | Uint8Array, options = {}) => importFile(source, options, WITH_TOY);
    const bytes = (text: string) => new TextEncoder().encode(text);
    await expect(importing(join(folder, 'none.toy'))).rejects.toThrow(
      /^toy \(.*\): the file does not exist$/,
    );
    await expect(importing(folder, { format: 'toy' })).rejects.toThrow(
      'this is a folder; expected a .toy file',
    );
    await expect(importing(file, { inputs: { imgae: [1] } })).rejects.toThrow(
      `toy (${file}): there is no input imgae\n  it has image`,
    );
    await expect(
      importing(bytes(TEXT.replace('first 3', 'first 9')), { folder, name: 'odd' }),
    ).rejects.toThrow(/^toy \(odd\): /);
    await expect(importing(bytes(TEXT))).rejects.toThrow(
      'toy (model.toy): kernel.bin is not a file beside it',
    );
    await expect(importing(bytes(TEXT.replace('relu', 'tanh')), { folder })).rejects.toThrow(
      'toy (model.toy): there is no operation tanh',
    );
  });

  it('is named in the help, and where a format is not known', async () => {
    const help = await run(importCommand, '--help').catch((error: Error) => error.message);
    expect(help).toBe('(outputHelp)');
    const shown = importCommand({ out: () => undefined, err: () => undefined, interactive: false }, WITH_TOY);
    expect(shown.helpInformation()).toMatch(/an \.onnx file or a \.toy file/);
    await expect(importFile(Uint8Array.of(1, 2, 3), {}, WITH_TOY)).rejects.toThrow(
      'import (bytes): the format of the file is not known\n  expected an .onnx file or a .toy file',
    );
    await expect(importFile(Uint8Array.of(1), { format: 'tyo' }, WITH_TOY)).rejects.toThrow(
      'import: there is no format "tyo"; expected one of onnx, toy',
    );
  });
});

const PRINTED = `/** Imported by cnnc from net.toy; the weights are in printed.safetensors. */
import { defineModel } from 'cnnc';

export default defineModel({
  name: 'printed',
  inputs: { image: [1, 1, 6, 6] },
  build(net, { image }) {
    let x = net.conv2d('first', image, { channels: 8, kernel: 3 });
    x = net.relu(x);
    x = net.flatten(x);
    const scores = net.linear('scores', x, { features: 4 });
    return { result: scores };
  },
  weights: './printed.safetensors',
});
`;
