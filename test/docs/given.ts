/** Files that commands and programs of the documents take: models, weights, images, packages. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { exportOnnx } from '../../compiler/index.ts';
import { cnnc } from '../cli/support.ts';
import { projectRoot } from '../support/imports.ts';
import { zooModel } from '../support/models.ts';
import { randomNumbers } from '../support/numbers.ts';
import { firstWeights } from '../support/weights.ts';
import { BLOCKS } from './blocks.ts';

export type Given = keyof typeof WRITE;

/** Each writes itself into the folder. */
const WRITE = {
  'squeezenet.onnx': async (folder: string) => {
    const bytes = await exportOnnx(await zooModel('squeezenet1_1'), { inputs: { image: [1, 3, 64, 64] } });
    writeFileSync(join(folder, 'squeezenet.onnx'), bytes);
  },
  'squeezenet/onnx/model.onnx': async (folder: string) => {
    const bytes = await exportOnnx(await zooModel('squeezenet1_1'), { inputs: { image: [1, 3, 64, 64] } });
    mkdirSync(join(folder, 'squeezenet/onnx'), { recursive: true });
    writeFileSync(join(folder, 'squeezenet/onnx/model.onnx'), bytes);
  },
  'digits.txt': (folder: string) => {
    writeFileSync(join(folder, 'digits.txt'), '0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
  },
  'my.onnx': async (folder: string) => {
    writeFileSync(join(folder, 'my.onnx'), await exportOnnx(await zooModel('lenet5')));
  },
  'resnet20.safetensors': (folder: string) => writeWeights(folder, 'resnet20'),
  'resnet18.safetensors': (folder: string) => writeWeights(folder, 'resnet18'),
  'generated/resnet20': async (folder: string) => {
    await cnnc(['compile', 'models/resnet20.ts', '--out', join(folder, 'generated/resnet20')]);
  },
  'generated/lenet5-wasm': (folder: string) => {
    const name = 'generated/lenet5-wasm';
    cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  },
  'small.ts': (folder: string) => writeBlock(folder, 'README.md', '// models/small.ts', 'models/small.ts'),
  'tiny.ts': (folder: string) => writeBlock(folder, 'docs/models.md', '// models/tiny.ts', 'models/tiny.ts'),
  'app.js': (folder: string) => writeBlock(folder, 'docs/in-a-page.md', 'import kernels from', 'app.js'),
  // A program that needs no file beside its bundle.
  'whole.js': (folder: string) => {
    const program = "import { load } from './generated/lenet5-inline/index.js';\nload().then(console.log);\n";
    writeFileSync(join(folder, 'app.js'), program);
  },
  'photo.jpg': async (folder: string) => {
    await noise(40, 30, 1).jpeg().toFile(join(folder, 'photo.jpg'));
  },
  photos: async (folder: string) => {
    for (const kind of ['animal', 'vehicle'])
      for (let i = 0; i < 60; i++) {
        mkdirSync(join(folder, 'photos', kind), { recursive: true });
        await noise(32, 32, i).toFile(join(folder, 'photos', kind, `${i}.png`));
      }
  },
};

export async function writeGiven(folder: string, given: readonly Given[] = []): Promise<void> {
  for (const name of given) await WRITE[name](folder);
}

async function writeWeights(folder: string, name: string): Promise<void> {
  writeFileSync(join(folder, `${name}.safetensors`), firstWeights(await zooModel(name)));
}

function writeBlock(folder: string, file: string, holds: string, to: string): void {
  const { text } = BLOCKS.find((block) => block.file === file && block.text.includes(holds))!;
  writeFileSync(join(folder, to), `${text}\n`);
}

/** An image of random pixels. */
function noise(width: number, height: number, seed: number): ReturnType<typeof sharp> {
  const random = randomNumbers(seed);
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(256 * random()));
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
