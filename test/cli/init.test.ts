/** `cnnc init`: which files it writes, what they say of the model, and what it refuses. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineModel, exportOnnx } from 'cnnc';
import { createFolders, readFolder } from '../support/folders.ts';
import { classifier, twoInputs } from '../support/packageModels.ts';
import { cnnc } from './support.ts';

const newFolder = createFolders();

let folder: string;
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), 'utf8');

beforeAll(async () => {
  folder = newFolder();
  writeFileSync(at('pets.onnx'), await exportOnnx(classifier, { seed: 3 }));
  writeFileSync(at('pairs.onnx'), await exportOnnx(twoInputs, { seed: 3 }));
  writeFileSync(at('pets.txt'), 'cat\ndog\nbird\n');
});

async function init(...args: string[]): Promise<string> {
  const { code, out, err } = await cnnc(['init', ...args]);
  expect(code, err).toBe(0);
  return out.replaceAll(folder, 'DIR');
}

async function refusal(...args: string[]): Promise<string> {
  const { code, err } = await cnnc(['init', ...args]);
  expect(code).toBe(1);
  return err.replaceAll(folder, 'DIR').trim();
}

describe('cnnc init', () => {
  it('writes LeNet-5 with its weights, a sample and a pad', async () => {
    expect(await init(at('digits'))).toBe(
      'DIR/digits: 16 files\n  lenet5: images of 32x32, 10 classes\n\n  cd DIR/digits\n  npm install\n  npm run dev\n',
    );
    expect([...readFolder(at('digits')).keys()]).toEqual([
      '.gitignore',
      'README.md',
      'index.html',
      'package.json',
      'public/sample.png',
      'src/env.d.ts',
      'src/main.ts',
      'src/model.ts',
      'src/model/lenet5.ts',
      'src/model/shared/datasets.ts',
      'src/model/weights/lenet5.safetensors',
      'src/pad.ts',
      'src/picture.ts',
      'src/style.css',
      'tsconfig.json',
      'vite.config.ts',
    ]);
    expect(readFileSync(at('digits/src/model/lenet5.ts'))).toEqual(readFileSync('models/lenet5.ts'));
    expect(readFileSync(at('digits/public/sample.png'))).toEqual(readFileSync('models/images/three.png'));
    expect(read('digits/src/model.ts')).toContain(`from './model/lenet5.ts?cnnc';`);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(JSON.parse(read('digits/package.json'))).toMatchObject({
      name: 'digits',
      devDependencies: { cnnc: `^${version}` },
    });
  });

  it('fills every placeholder and leaves no mark of the template', async () => {
    await init(at('marks'), '--model', at('pets.onnx'));
    for (const [path, bytes] of [...readFolder(at('marks')), ...readFolder(at('digits'))])
      if (!/\.(png|safetensors|onnx)$/.test(path))
        expect(bytes.toString(), path).not.toMatch(/\{\{|(\/\/|<!--) \/?(digits|images)\b/);
    expect(existsSync(at('marks/src/pad.ts'))).toBe(false);
    expect(read('marks/src/main.ts')).not.toContain('pad');
    expect(read('digits/src/main.ts')).toContain("from './pad.ts'");
  });

  it('writes an ONNX file with a place for the normalization, and labels', async () => {
    const out = await init(at('My App'), '--model', at('pets.onnx'), '--labels', at('pets.txt'));
    expect(out).toContain('levels of pixels are scaled from 0 to 1: check that in DIR/My App/src/model.ts');
    const module = read('My App/src/model.ts');
    expect(module).toContain(`import { info, load } from './model/pets.onnx';`);
    expect(module).toContain('width: 10,\n  height: 12,');
    expect(module).toContain("import labelText from './labels.txt?raw';");
    expect(read('My App/src/labels.txt')).toBe('cat\ndog\nbird\n');
    expect(JSON.parse(read('My App/package.json'))).toMatchObject({ name: 'my-app' });
  });

  it('states the normalization and the version of cnnc that are asked for', async () => {
    const flags = ['--preprocess', 'imagenet', '--cnnc', 'file:../cnnc.tgz'];
    await init(at('net'), '--model', at('pets.onnx'), ...flags);
    expect(read('net/src/model.ts')).toContain('mean: [0.485, 0.456, 0.406],\n  std: [0.229, 0.224, 0.225],');
    expect(JSON.parse(read('net/package.json'))).toMatchObject({
      devDependencies: { cnnc: 'file:../cnnc.tgz' },
    });
  });

  it('takes settings, the classes of ImageNet, and a file that is called model.onnx', async () => {
    mkdirSync(at('squeezenet'));
    const thousand = defineModel({
      name: 'net',
      inputs: { image: [1, 3, 8, 8] },
      build: (net, { image }) => ({
        scores: net.linear('fc', net.flatten(net.globalAveragePool(image)), { features: 1000 }),
      }),
    });
    writeFileSync(at('squeezenet/model.onnx'), await exportOnnx(thousand, { seed: 3 }));
    const flags = ['--preprocess', 'mean=0.5,std=0.25,resize=stretch', '--labels', 'imagenet'];
    const out = await init(at('usual'), '--model', at('squeezenet/model.onnx'), ...flags);
    expect(out).toContain('squeezenet: images of 8x8, 1000 classes');
    expect(read('usual/src/model.ts')).toContain("from './model/squeezenet.onnx';");
    expect(read('usual/src/model.ts')).toMatch(
      /resize: 'stretch',\n {2}channels: 'rgb',\n {2}mean: \[0\.5, 0\.5, 0\.5\],\n {2}std: \[0\.25, 0\.25, 0\.25\],/,
    );
    expect(read('usual/src/labels.txt')).toMatch(/^tench\ngoldfish\n[^]*\ntoilet tissue\n$/);
  });

  it('takes a model of the zoo with what it imports', async () => {
    const out = await init(at('zoo'), '--model', 'squeezenet1_1');
    expect(out).toContain('the weights are random: --weights names a file');
    expect([...readFolder(at('zoo')).keys()].filter((name) => name.startsWith('src/model/'))).toEqual([
      'src/model/shared/datasets.ts',
      'src/model/shared/squeezenet.ts',
      'src/model/squeezenet1_1.ts',
    ]);
    expect(read('zoo/src/model.ts')).toContain("from './model/squeezenet1_1.ts?cnnc';");
  });

  it('states shapes that the file leaves open, a batch of one, and channels that come last', async () => {
    const model = defineModel({
      name: 'last',
      inputs: { pixels: [4, 8, 8, 3] },
      build: (net, { pixels }) => ({
        scores: net.linear('fc', net.flatten(pixels), { features: 2 }),
      }),
    });
    writeFileSync(at('last.onnx'), await exportOnnx(model, { seed: 3 }));
    await init(at('last'), '--model', at('last.onnx'), '--input', 'pixels=4x8x8x3');
    const module = read('last/src/model.ts');
    expect(module).toContain("from './model/last.onnx?input.pixels=4x8x8x3&batch=1&cnnc';");
    expect(module).toContain('const image = channelsLast(preprocess(data, width, height, preprocessing));');
    expect(module).toContain('model.forward({ pixels: image })');
  });

  it.each([
    ['a folder that is not empty', ['.'], 'error CNNC5006: cnnc init (.): the folder is not empty'],
    [
      'labels that do not fit',
      ['a', '--labels', 'package.json'],
      'error CNNC4005: --labels (package.json): the file has',
    ],
    [
      'a normalization of a model that has its own',
      ['a', '--preprocess', 'unit'],
      'error CNNC4008: --preprocess: lenet5 says itself how its input is made',
    ],
    [
      'labels of a model that has its own',
      ['a', '--model', 'resnet18', '--labels', 'imagenet'],
      'error CNNC4008: --labels: resnet18 names its classes itself',
    ],
    [
      'an unknown normalization',
      ['a', '--preprocess', 'unti'],
      'error CNNC4005: --preprocess: "unti" is not one of',
    ],
    ['a missing model', ['a', '--model', 'nowhere.onnx'], 'error CNNC'],
  ])('refuses %s', async (_, args, expected) => {
    expect(await refusal(...args)).toContain(expected);
    expect(existsSync('a')).toBe(false);
  });

  it('refuses a model that takes no image, or gives no classes', async () => {
    expect(await refusal(at('a'), '--model', at('pairs.onnx'))).toBe(
      'error CNNC4030: cnnc init (DIR/pairs.onnx): the page shows images to the model, whose inputs are left [2,4], right [2,4]\n' +
        '  expected one input of images with 1 or 3 channels, such as [1,3,224,224]',
    );
    expect(await refusal(at('a'), '--model', 'unet')).toMatch(
      /^error CNNC4030: cnnc init \(.*unet\.ts\): the page shows classes, and the outputs of the model are /,
    );
    expect(existsSync(at('a'))).toBe(false);
  });

  it('writes into an empty folder, even one with a repository', async () => {
    mkdirSync(at('empty/.git'), { recursive: true });
    await init(at('empty'));
    expect(existsSync(at('empty/index.html'))).toBe(true);
  });
});
