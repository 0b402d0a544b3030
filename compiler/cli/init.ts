/** `cnnc init [folder]`: a small Vite app around a model. The page takes an image and shows its classes and the time. */
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import { openLabels } from '../driver/files.ts';
import { completePreprocess, type PreprocessSettings } from '../frontend/givenPreprocess.ts';
import { checkLabelCount, type GivenLabels } from '../frontend/labels.ts';
import { NORMALIZATIONS } from '../frontend/normalizations.ts';
import type { Preprocess } from '../frontend/preprocess.ts';
import { modelFile } from '../host/loadModel.ts';
import { version } from '../host/packageRoot.ts';
import { parsePreprocess, parseShape, type Shapes } from './arguments.ts';
import { INPUT, LABELS, PREPROCESS, WEIGHTS } from './descriptions.ts';
import type { AppModel } from './init/appModel.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface InitFlags {
  readonly model?: string;
  readonly weights?: string;
  readonly input?: Shapes;
  readonly preprocess?: PreprocessSettings;
  readonly labels?: string;
  readonly cnnc?: string;
}

/** The longest line of the app's code. */
const WIDTH = 100;

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
      '--preprocess <how>',
      `${PREPROCESS}, for a model that does not say it (default: imagenet for 1000 classes, otherwise unit)`,
      parsePreprocess,
    )
    .option('--labels <file>', LABELS)
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
  const labels = await readLabels(flags.labels, model);
  const settings = flags.preprocess ?? usualSettings(model);
  const choices = {
    preprocess: preprocessOf(settings, model),
    scaled: scaledBy(settings),
    hasLabelFile: labels !== undefined,
  };
  const { formatTypescript } = await import('../package/format.ts');
  const written = writeApp({
    folder,
    name: packageName(resolve(folder)),
    cnnc: flags.cnnc ?? `^${version}`,
    model,
    moduleText: await formatTypescript(modelModule(model, choices), WIDTH),
    labels: labels?.names,
    hasPad: flags.model === undefined,
  });
  terminal.out(report(folder, model, choices.scaled, written.length));
}

/** A name that npm takes. */
const packageName = (folder: string): string =>
  basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, '-')
    .replace(/^[._-]+/, '') || 'app';

async function readLabels(
  file: string | undefined,
  { classes, name, hasLabels }: AppModel,
): Promise<GivenLabels | undefined> {
  const { nodeHost } = await import('../host/node.ts');
  const labels = openLabels(file, nodeHost, 'cnnc init');
  if (!labels) return undefined;
  checkLabelCount(labels, classes, name, '--labels');
  if (hasLabels) fail('CNNC4008', '--labels', {}, `${name} names its classes itself`);
  return labels;
}

const usualSettings = ({ classes, input }: AppModel): PreprocessSettings =>
  NORMALIZATIONS[classes === 1000 && input.channels === 3 ? 'imagenet' : 'unit'].settings;

/** The app's module puts the channels last, if the model wants them there. */
const preprocessOf = (
  settings: PreprocessSettings,
  { input: { batch, channels, height, width } }: AppModel,
): Preprocess =>
  completePreprocess(settings, [batch, channels, height, width], (code, found, details) =>
    fail(code, '--preprocess', {}, found, details),
  );

/** Completes the phrase `levels are scaled ...`. */
const scaledBy = (settings: PreprocessSettings): string =>
  Object.values(NORMALIZATIONS).find((one) => one.settings === settings)?.words ?? 'as --preprocess states';

function report(folder: string, model: AppModel, scaled: string, files: number): string {
  const { input, classes } = model;
  const notes = [
    `${model.name}: images of ${input.width}x${input.height}, ${classes} classes`,
    ...(model.hasPreprocess
      ? []
      : [`levels of pixels are scaled ${scaled}: check that in ${join(folder, 'src', 'model.ts')}`]),
    ...(model.isRandom ? ['the weights are random: --weights names a file'] : []),
  ];
  const enter = resolve(folder) === process.cwd() ? [] : [`cd ${folder}`];
  const next = [...enter, 'npm install', 'npm run dev'];
  return `${folder}: ${files} files\n${notes.map((line) => `  ${line}\n`).join('')}\n${next.map((line) => `  ${line}\n`).join('')}`;
}
