/** `cnnc import` and `cnnc compile` on ONNX files: the printed model computes what the file does. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { compile, importModel, importOnnx } from '../../compiler/index.ts';
import { cnnc } from '../cli/support.ts';
import { createFolders } from '../support/folders.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { encodeModel } from './encode.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const createFolder = createFolders();

/** A folder where `import 'cnnc'` finds the compiler. */
function projectFolder(): string {
  const folder = createFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(project, join(folder, 'node_modules', 'cnnc'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

interface Loaded {
  forward(inputs: Readonly<Record<string, Float32Array>>): Readonly<Record<string, Float32Array>>;
  readonly info: { readonly inputs: Readonly<Record<string, { readonly shape: readonly number[] }>> };
}

async function forward(folder: string): Promise<readonly number[][]> {
  const { load } = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(): Promise<Loaded>;
  };
  const model = await load();
  const inputs = Object.entries(model.info.inputs).map(([name, { shape }]) => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    return [name, Float32Array.from({ length }, (_, i) => ((i * 7919) % 251) / 251)] as const;
  });
  return Object.values(model.forward(Object.fromEntries(inputs))).map((output) => [...output]);
}

async function succeed(...args: string[]): Promise<string> {
  const { code, out, err } = await cnnc(args);
  expect(err.replace(/^(loading|compiling|writing).*\n/gm, '')).toBe('');
  expect(code).toBe(0);
  return out;
}

describeWithTestdata('an imported model', () => {
  it.each([
    'mnist-lenet5',
    'cifar10-resnet20-optA',
    'mnist-cntk-onnx',
    'superres-espcn-x3',
    'ultraface-slim-320',
  ])('%s computes what the ONNX file does, as a file of its own', async (name) => {
    const folder = projectFolder();
    const onnx = testdata(`nets/${name}/model.onnx`);
    const model = join(folder, 'models', 'net.ts');
    const weights = model.replace('.ts', '.safetensors');
    const said = await succeed('import', onnx, '--out', model);
    expect(said).toMatch(/\n {2}cnnc compile \S+net\.ts\n$/);
    expect(said).toContain(`${weights}: `);
    await succeed('compile', model, '--out', join(folder, 'a'));
    await succeed('compile', onnx, '--out', join(folder, 'b'));
    expect(await forward(join(folder, 'a'))).toEqual(await forward(join(folder, 'b')));
  });

  it('reads like a model file', async () => {
    const model = join(createFolder(), 'lenet.ts');
    await succeed('import', testdata('nets/mnist-lenet5/model.onnx'), '--out', model);
    expect(readFileSync(model, 'utf8')).toBe(LENET);
  });

  it('trains', async () => {
    const out = join(createFolder(), 'package');
    const onnx = testdata('nets/cifar10-resnet20-optB/model.onnx');
    expect(await succeed('compile', onnx, '--batch', '2', '--train', 'head', '--out', out)).toMatch(
      /trains .* with sgd/,
    );
  });

  it("is a model in the library's hands", async () => {
    const { model, weights } = await importOnnx(testdata('nets/mnist-lenet5/model.onnx'), { name: 'lenet' });
    const { name, parameters } = await compile(model, { weights, batch: 3 });
    expect({ name, parameters }).toEqual({ name: 'lenet', parameters: 61706 });
  });
});

const LENET = `/** Imported by cnnc from model.onnx; the weights are in lenet.safetensors. */
import { defineModel } from 'cnnc';

export default defineModel({
  name: 'lenet',
  inputs: { input: [1, 1, 32, 32] },
  build(net, { input }) {
    let x = net.conv2d('convnet.c1', input, { channels: 6, kernel: 5 });
    x = net.relu(x);
    x = net.maxPool(x, { kernel: 2 });
    x = net.conv2d('convnet.c3', x, { channels: 16, kernel: 5 });
    x = net.relu(x);
    x = net.maxPool(x, { kernel: 2 });
    x = net.conv2d('convnet.c5', x, { channels: 120, kernel: 5 });
    x = net.relu(x);
    x = net.flatten(x);
    x = net.linear('fc.f6', x, { features: 84 });
    x = net.relu(x);
    const fc_f7 = net.linear('fc.f7', x, { features: 10 });
    return { output: fc_f7 };
  },
  weights: './lenet.safetensors',
});
`;

it('is recognized by its first bytes', async () => {
  const node = { op: 'Relu', inputs: ['x'], outputs: ['y'] };
  const [x, y] = [
    { name: 'x', shape: [1, 2] },
    { name: 'y', shape: [] },
  ];
  const bytes = encodeModel({ nodes: [node], inputs: [x], outputs: [y] });
  const { model } = await importModel(bytes, { name: 'Rectified' });
  expect([model.name, model.inputs]).toEqual(['rectified', { x: { dtype: 'f32', shape: [1, 2] } }]);
  await expect(importModel(bytes.subarray(1))).rejects.toThrow('the format of the file is not known');
});

it('never replaces a file', async () => {
  const folder = createFolder();
  const onnx = join(folder, 'net.onnx');
  const node = { op: 'Relu', inputs: ['x'], outputs: ['y'] };
  const [x, y] = [
    { name: 'x', shape: [1, 'c', 4, 4] },
    { name: 'y', shape: [] },
  ];
  writeFileSync(onnx, encodeModel({ nodes: [node], inputs: [x], outputs: [y] }));
  const model = join(folder, 'net.ts');
  const open = await cnnc(['import', onnx, '--out', model]);
  expect(open.err).toContain('--input x=?xcx4x4'.replace('?', '1'));
  expect(existsSync(model)).toBe(false);
  await succeed('import', onnx, '--out', model, '--input', 'x=1x3x4x4');
  const again = await cnnc(['import', onnx, '--out', model, '--input', 'x=1x3x4x4']);
  expect([again.code, again.err]).toEqual([
    1,
    `error CNNC5006: cnnc import (${model}): the file exists already\n`,
  ]);
});
