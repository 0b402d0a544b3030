/** `cnnc init [folder]`: a small Vite app around a model. The page takes an image and shows its classes and the time. */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import { modelFile } from '../host/loadModel.ts';
import { version } from '../host/packageRoot.ts';
import { parseChoice, parseShape, type Shapes } from './arguments.ts';
import { INPUT, WEIGHTS } from './descriptions.ts';
import type { AppModel } from './init/appModel.ts';
import { NORMALIZATIONS, type Normalization } from './init/modelModule.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface InitFlags {
  readonly model?: string;
  readonly weights?: string;
  readonly input?: Shapes;
  readonly preprocess?: Normalization;
  readonly labels?: string;
  readonly cnnc?: string;
}

/** The longest line of the app's code. */
const WIDTH = 100;

const names = Object.keys(NORMALIZATIONS) as Normalization[];

export function initCommand(terminal: Terminal): Command {
  const command = createCommand('init', terminal, [
    'cnnc init my-app',
    'cnnc init my-app --model net.onnx --preprocess imagenet --labels classes.txt',
    'cnnc init my-app --model resnet18 --weights resnet18.safetensors',
  ]);
  return command
    .description('write a small Vite app around a model')
    .argument('[folder]', 'a new or empty folder (default: .)')
    .option(
      '--model <model>',
      'a model file, an ONNX file, or the name of a zoo model (default: a trained LeNet-5)',
    )
    .option('--weights <file>', WEIGHTS)
    .option('--input <name=shape>', INPUT, parseShape('--input'))
    .option(
      '--preprocess <name>',
      `how levels of pixels are scaled where the model does not say it: ${names.join(', ')} (default: imagenet for 1000 classes, otherwise unit)`,
      parseChoice('--preprocess', names),
    )
    .option('--labels <file>', 'the names of the classes, one a line')
    .option(
      '--cnnc <spec>',
      'the version of cnnc that the app depends on, as in package.json (default: this one)',
    )
    .action((folder: string | undefined, flags: InitFlags) => init(folder ?? '.', flags, terminal));
}

async function init(folder: string, flags: InitFlags, terminal: Terminal): Promise<void> {
  const { checkAppFolder, writeApp } = await import('./init/writeApp.ts');
  const { DEFAULT_MODEL, readAppModel } = await import('./init/appModel.ts');
  const { modelModule } = await import('./init/modelModule.ts');
  checkAppFolder(folder);
  const model = await readAppModel(flags.model === undefined ? DEFAULT_MODEL : modelFile(flags.model), flags);
  if (flags.preprocess && model.hasPreprocess)
    fail('CNNC4008', '--preprocess', {}, `${model.name} says itself how its input is made`);
  if (flags.labels !== undefined) checkLabels(flags.labels, model);
  const { formatTypescript } = await import('../package/format.ts');
  const normalization = flags.preprocess ?? (model.classes === 1000 ? 'imagenet' : 'unit');
  const choices = { normalization, hasLabelFile: flags.labels !== undefined };
  const written = writeApp({
    folder,
    name: packageName(resolve(folder)),
    cnnc: flags.cnnc ?? `^${version}`,
    model,
    moduleText: await formatTypescript(modelModule(model, choices), WIDTH),
    labels: flags.labels,
    hasPad: flags.model === undefined,
  });
  terminal.out(report(folder, model, normalization, written.length));
}

/** A name that npm takes. */
const packageName = (folder: string): string =>
  basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, '-')
    .replace(/^[._-]+/, '') || 'app';

function checkLabels(file: string, { classes, name }: AppModel): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return fail('CNNC5001', '--labels', { file }, `cannot read the file: ${(error as Error).message}`);
  }
  const count = text.trimEnd().split(/\r?\n/).length;
  if (count !== classes)
    fail('CNNC4005', '--labels', { file }, `the file has ${count} lines, ${name} has ${classes} classes`);
}

function report(folder: string, model: AppModel, normalization: Normalization, files: number): string {
  const { input, classes } = model;
  const notes = [
    `${model.name}: images of ${input.width}x${input.height}, ${classes} classes`,
    ...(model.hasPreprocess
      ? []
      : [
          `levels of pixels are scaled ${NORMALIZATIONS[normalization]}: check that in ${join(folder, 'src', 'model.ts')}`,
        ]),
    ...(model.isRandom ? ['the weights are random: --weights names a file'] : []),
  ];
  const enter = resolve(folder) === process.cwd() ? [] : [`cd ${folder}`];
  const next = [...enter, 'npm install', 'npm run dev'];
  return `${folder}: ${files} files\n${notes.map((line) => `  ${line}\n`).join('')}\n${next.map((line) => `  ${line}\n`).join('')}`;
}
