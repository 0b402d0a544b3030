/** What `cnnc compile` calls a package, which package it replaces, and where weights come from. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defineModel, exportOnnx } from 'cnnc';
import { projectRoot } from '../support/imports.ts';
import { cnnc } from './support.ts';

/** Inside the project, where model files find `cnnc`. */
let folder: string;
const at = (name: string): string => join(folder, name);
const short = (text: string): string =>
  text.replaceAll(folder, 'DIR').replace(/^(loading|compiling|writing).*\n/gm, '');

/** An ONNX file of its own size, so that its package differs from those of the others. */
const onnxFile = (classes: number): Promise<Uint8Array> =>
  exportOnnx(
    defineModel({
      name: 'net',
      inputs: { image: [1, 3, 8, 8] },
      build: (net, { image }) => {
        const x = net.relu(net.conv2d('conv', image, { channels: 4, kernel: 3 }));
        return { scores: net.conv2d('head', net.globalAveragePool(x), { channels: classes, kernel: 1 }) };
      },
    }),
    { seed: 1 },
  );

beforeAll(async () => {
  mkdirSync(join(projectRoot, 'tmp'), { recursive: true });
  folder = mkdtempSync(join(projectRoot, 'tmp', 'sources-'));
  for (const [name, classes] of [
    ['squeezenet/onnx', 3],
    ['mobilenet', 4],
    ['.', 5],
  ] as const) {
    mkdirSync(at(name), { recursive: true });
    writeFileSync(at(`${name}/model.onnx`), await onnxFile(classes));
  }
  writeFileSync(at('pets.txt'), 'cat\ndog\nbird\n');
  await sharp({ create: { width: 20, height: 10, channels: 3, background: '#804020' } })
    .png()
    .toFile(at('brown.png'));
});
afterEach(() => process.chdir(projectRoot));
afterAll(() => rmSync(folder, { recursive: true }));

async function compiled(...args: string[]): Promise<string> {
  const { code, out, err } = await cnnc(['compile', ...args]);
  expect(code, err).toBe(0);
  return out.split('\n', 1)[0]!.replaceAll(folder, 'DIR').replace(/ \(.*/, '');
}

async function refusal(...args: string[]): Promise<string> {
  const { code, out, err } = await cnnc(['compile', ...args]);
  expect([code, out]).toEqual([1, '']);
  return short(err);
}

const manifestOf = (name: string): unknown => JSON.parse(readFileSync(at(`${name}/package.json`), 'utf8'));

describe('the name of a package', () => {
  it('is that of the folder for a file that is called model.onnx, in all commands', async () => {
    process.chdir(folder);
    expect(await compiled('squeezenet/onnx/model.onnx')).toBe('squeezenet -> generated/squeezenet');
    expect(await compiled('mobilenet/model.onnx')).toBe('mobilenet -> generated/mobilenet');
    process.chdir(at('mobilenet'));
    expect(await compiled('./model.onnx')).toBe('mobilenet -> generated/mobilenet');
    const imported = await cnnc(['import', 'model.onnx']);
    expect([imported.code, imported.out.split('\n')[0]]).toEqual([0, 'models/mobilenet.ts']);
  });

  it('is what --name says, and so is the folder', async () => {
    process.chdir(folder);
    expect(await compiled('mobilenet/model.onnx', '--name', 'my.net-2')).toBe(
      'my.net-2 -> generated/my.net-2',
    );
    expect(manifestOf('generated/my.net-2')).toMatchObject({
      name: 'my.net-2',
      cnnc: { source: 'mobilenet/model.onnx' },
    });
    expect(readFileSync(at('generated/my.net-2/index.ts'), 'utf8')).toContain("name: 'my.net-2',");
    expect(await compiled('lenet5', '--name', 'digits', '--out', 'elsewhere')).toBe('digits -> elsewhere');
  });

  it.each([
    [
      'My Net',
      'error CNNC4005: --name: "My Net" is not a name of lower-case letters, digits, ".", "-" and "_"; did you mean my-net?\n',
    ],
    [
      '../net',
      'error CNNC4005: --name: "../net" is not a name of lower-case letters, digits, ".", "-" and "_"; did you mean net?\n',
    ],
  ])('is not %j', async (name, message) => {
    expect(await refusal('lenet5', '--name', name)).toBe(message);
  });
});

describe('a package of another source', () => {
  const twoModels = async (): Promise<void> => {
    process.chdir(folder);
    await compiled('squeezenet/onnx/model.onnx', '--out', 'taken', '--force');
  };

  it('is replaced only by force', async () => {
    await twoModels();
    const before = readFileSync(at('taken/graph.txt'), 'utf8');
    expect(await refusal('mobilenet/model.onnx', '--out', 'taken')).toBe(
      'error CNNC5007: package (taken): the folder holds the package of squeezenet/onnx/model.onnx, and this one is compiled from mobilenet/model.onnx\n' +
        '  --name NAME or --out FOLDER writes another folder, --force replaces the package\n' +
        '  in a program these are the options `out` and `force` of `compile`\n',
    );
    expect(readFileSync(at('taken/graph.txt'), 'utf8')).toBe(before);
    await compiled('mobilenet/model.onnx', '--out', 'taken', '--force');
    expect(manifestOf('taken')).toMatchObject({ cnnc: { source: 'mobilenet/model.onnx' } });
  });

  it('is not one of the same file, with other options or from another folder', async () => {
    await twoModels();
    await compiled('squeezenet/onnx/model.onnx', '--out', 'taken', '--batch', '2');
    await compiled(at('squeezenet/onnx/model.onnx'), '--out', at('taken'));
    process.chdir(at('squeezenet'));
    await compiled('onnx/model.onnx', '--out', '../taken');
  });

  it('is not one of the same model of the zoo, by name or by any path', async () => {
    mkdirSync(at('node_modules'));
    symlinkSync(projectRoot, at('node_modules/cnnc'), 'dir');
    process.chdir(folder);
    for (const name of [
      'lenet5',
      join(projectRoot, 'models/lenet5.ts'),
      'node_modules/cnnc/models/lenet5.ts',
    ])
      await compiled(name, '--out', 'zoo');
    expect(manifestOf('zoo')).toMatchObject({ cnnc: { source: 'models/lenet5.ts' } });
  });
});

describe('weights', () => {
  const WARNING = /^warning: the weights are random \(seed (\d+)\); --weights FILE loads trained ones$/m;

  it('of a model that names them are read, by compile and by export', async () => {
    const { code, err } = await cnnc(['compile', 'lenet5', '--out', at('trained')]);
    expect([code, err]).toEqual([0, expect.not.stringMatching(WARNING)]);
    for (const file of ['weights.safetensors', 'index.js', 'graph.txt'])
      expect(readFileSync(at(`trained/${file}`)).equals(readFileSync(`generated/lenet5/${file}`)), file).toBe(
        true,
      );
    const exported = await cnnc(['export', 'lenet5', '--onnx', at('lenet5.onnx')]);
    expect(exported.out).not.toContain('random');
    await compiled(at('lenet5.onnx'), '--out', at('again'));
    // The same numbers in the same order, but for the names of layers in the header.
    const [a, b] = ['trained', 'again'].map((name) => readFileSync(at(`${name}/weights.safetensors`)));
    expect(a!.subarray(-40_000).equals(b!.subarray(-40_000))).toBe(true);
  });

  it('are random with a seed, and the first thing that is said of the package is that', async () => {
    const { err } = await cnnc(['compile', 'lenet5', '--seed', '7', '--out', at('drawn')]);
    expect(WARNING.exec(err)?.[1]).toBe('7');
    expect(readFileSync(at('drawn/weights.safetensors'))).not.toEqual(
      readFileSync('generated/lenet5/weights.safetensors'),
    );
    const json = await cnnc(['compile', 'resnet32', '--out', at('json'), '--json']);
    expect([json.err, JSON.parse(json.out)]).toEqual(['', expect.objectContaining({ seed: 1 })]);
    const trained = await cnnc(['compile', 'lenet5', '--out', at('trained'), '--json']);
    expect(JSON.parse(trained.out)).not.toHaveProperty('seed');
  });

  it('that do not fit other shapes are refused, and a seed goes without them', async () => {
    const other = ['lenet5', '--input', 'image=1x1x40x40', '--out', at('wide')];
    expect(await refusal(...other)).toMatch(
      /^error CNNC2001: weights \(models\/weights\/lenet5\.safetensors\): /,
    );
    await compiled(...other, '--seed', '1');
  });

  it('in a missing file are reported', async () => {
    mkdirSync(at('models/shared'), { recursive: true });
    for (const file of ['lenet5.ts', 'shared/datasets.ts']) cpSync(`models/${file}`, at(`models/${file}`));
    expect(await refusal(at('models/lenet5.ts'), '--out', at('none'))).toMatch(
      /^error CNNC5001: weights of the model \(DIR\/models\/weights\/lenet5\.safetensors\): cannot read the file: /,
    );
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('--preprocess and --labels', () => {
  const onnx = 'squeezenet/onnx/model.onnx';

  it('let a package of an ONNX file read images and name classes', async () => {
    process.chdir(folder);
    const bare = await cnnc(['compile', onnx, '--out', 'bare']);
    expect(bare.code).toBe(0);
    const without = await cnnc(['run', 'bare', 'brown.png']);
    expect(without.err).toContain('compile it again with --preprocess unit, signed, imagenet, bytes');
    await compiled(onnx, '--out', 'pets', '--preprocess', 'imagenet', '--labels', 'pets.txt');
    const index = readFileSync(at('pets/index.ts'), 'utf8');
    expect(index).toContain("export const labels = ['cat', 'dog', 'bird'] as const;");
    expect(index).toMatch(/shortSide: 9,\s+mean: \[0\.485, 0\.456, 0\.406\],/);
    const { code, out, err } = await cnnc(['run', 'pets', 'brown.png', '--json']);
    expect(code, err).toBe(0);
    const [image] = (JSON.parse(out) as { images: { classes: { label: string; probability: number }[] }[] })
      .images;
    expect(new Set(image!.classes.map(({ label }) => label))).toEqual(new Set(['cat', 'dog', 'bird']));
    expect(image!.classes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  });

  it("take ImageNet's labels, which stand at the end of the module", async () => {
    writeFileSync(at('thousand.onnx'), await onnxFile(1000));
    process.chdir(folder);
    const settings = 'mean=0.5,std=0.25,size=10,channels=bgr';
    const flags = ['--target', 'typescript,wasm', '--preprocess', settings, '--labels', 'imagenet'];
    await compiled('thousand.onnx', '--out', 'thousand', ...flags);
    for (const path of ['thousand/index.ts', 'thousand/wasm/index.ts']) {
      const text = readFileSync(at(path), 'utf8');
      expect(text).toMatch(
        /export const labels: readonly string\[\] = \[\n {2}"tench", [^]* "toilet tissue",\n\];\n$/,
      );
      const lines = text.split('export const labels')[1]!.split('\n');
      expect(lines.length).toBeLessThan(200);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
    }
    expect(readFileSync(at('thousand/index.d.ts'), 'utf8')).toContain(
      'export declare const labels: readonly string[];',
    );
    const { out } = await cnnc(['run', 'thousand', 'brown.png', '--top', '1']);
    expect(out).toMatch(/^brown\.png\n +\d+\.\d\d % {2}[a-zA-Z]/);
  });

  it.each([
    [
      ['lenet5', '--preprocess', 'unit'],
      'error CNNC4008: compile: lenet5 says itself how its input is made, so the option preprocess has no effect\n',
    ],
    [
      ['lenet5', '--labels', 'pets.txt'],
      'error CNNC4008: compile: lenet5 names its classes itself, so the option labels has no effect\n',
    ],
    [
      ['model.onnx', '--labels', 'pets.txt'],
      /^error CNNC4005: labels \(pets\.txt\): the file has 3 lines, sources-\w+ has 5 classes\n$/i,
    ],
    [
      ['model.onnx', '--labels', 'imagenet'],
      /^error CNNC4005: labels: 1000 names, sources-\w+ has 5 classes\n$/i,
    ],
    [
      ['model.onnx', '--labels', 'none.txt'],
      /^error CNNC5001: labels \(none\.txt\): cannot read the file: ENOENT/,
    ],
    [
      ['model.onnx', '--preprocess', 'unti'],
      'error CNNC4005: --preprocess: "unti" is not one of unit, signed, imagenet, bytes; did you mean unit?\n',
    ],
    [
      ['last.onnx', '--preprocess', 'unit'],
      /^error CNNC1012: model at last \(last\.onnx\): preprocess: it makes \[N,C,H,W\], and the input is \[1,8,8,3\], with the channels last\n/,
    ],
  ])('%j is refused', async (args, message) => {
    const last = defineModel({
      name: 'last',
      inputs: { pixels: [1, 8, 8, 3] },
      build: (net, { pixels }) => ({ scores: net.linear('fc', net.flatten(pixels), { features: 2 }) }),
    });
    writeFileSync(at('last.onnx'), await exportOnnx(last, { seed: 1 }));
    process.chdir(folder);
    const found = await refusal(...args, '--out', 'no');
    if (typeof message === 'string') expect(found).toBe(message);
    else expect(found).toMatch(message);
    expect(existsSync(at('no'))).toBe(false);
  });
});
