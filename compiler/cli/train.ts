/**
 * `cnnc train <model>`: compiles a model for training and trains it. The training loop is in compiler/training.
 */
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import { formatDuration } from '../training/curves.ts';
import { bestEpoch } from '../training/history.ts';
import type { TrainHost, TrainResult } from './train/run.ts';
import { modelFile } from '../host/loadModel.ts';
import type { TargetRecord } from '../emit/target.ts';
import { preferred } from '../package/preference.ts';
import { TARGETS, targetNames } from '../targets/index.ts';
import { FITS, OPTIMIZERS, SCHEDULES, type Flags } from '../training/settings.ts';
import { parseChoice, parseTargets, parseWhole } from './arguments.ts';
import { plainText, type Paint } from './colours.ts';
import { MODEL_FILE } from './descriptions.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

/** The target of the package for inference, if `--package` names none. */
const USUAL_PACKAGE = preferred(TARGETS);

interface TrainFlags extends Flags {
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly package?: readonly TargetRecord[];
}

export function trainCommand(terminal: Terminal): Command {
  const command = createCommand('train', terminal, [
    'cnnc train models/lenet5.ts --data mnist',
    'cnnc train resnet20 --data cifar10:data/cifar-10-batches-bin --epochs 160',
    'cnnc train pets.ts --data folder:pets --weights pets.safetensors --train head',
    'cnnc train models/lenet5.ts --resume',
  ]);
  command
    .description('train an image classifier')
    .argument('<model>', MODEL_FILE)
    .option(
      '--data <set>',
      'data set: mnist, mnist:DIR, cifar10:DIR, or folder:DIR with one folder for each class (required for a new run)',
    )
    .option(
      '--target <name>',
      `the target to train on: ${targetNames.join(', ')} (default: ${targetNames[0]}, which gives the same results on every machine)`,
      parseChoice('--target', targetNames),
    )
    .option(
      '--package <targets>',
      `targets of the package for inference that the run ends with: ${targetNames.join(', ')} or all (default: ${USUAL_PACKAGE.name})`,
      parseTargets('--package'),
    )
    .option('--out <folder>', "folder of the run (default: runs/<model's name>)")
    .option('--resume', 'continue the run in the folder with its settings');
  addRecipe(command);
  addSchedule(command);
  return command
    .option(
      '--weights <file>',
      'weights to start from, a safetensors file or a checkpoint of PyTorch (.pt); weights that do not fit the model stay random',
    )
    .option('--train <which>', "train only some weights: head, last:N, bias, or names such as 'layer4.*'")
    .option('--flip', 'mirror half of the images at random (default: depends on the data set)')
    .option('--no-flip', 'never mirror images')
    .option(
      '--shift <n>',
      'shift images at random by up to n pixels (default: depends on the data set)',
      parseWhole('--shift', 0),
    )
    .option(
      '--fit <how>',
      "for images of another size: resize as the model's preprocess does, or pad with zeros (default: resize if the model has one)",
      parseChoice('--fit', FITS),
    )
    .option('--json', 'print the result as JSON and no progress')
    .action((file: string, flags: TrainFlags) => train(modelFile(file), flags, terminal));
}

function addRecipe(command: Command): void {
  const rate = (flag: string, least = 0, below = Infinity) => parseNumber(flag, least, below);
  command
    .option(
      '--epochs <n>',
      'number of passes over the training data (default: 10, or 4 for mnist)',
      parseWhole('--epochs', 1),
    )
    .option('--batch <n>', 'number of images in one step (default: 64)', parseWhole('--batch', 1))
    .option(
      '--seed <n>',
      'seed of weights, order, augmentation and dropout (default: 1)',
      parseWhole('--seed', 0),
    )
    .option(
      '--optimizer <name>',
      `optimizer: ${OPTIMIZERS.join(', ')} (default: sgd)`,
      parseChoice('--optimizer', OPTIMIZERS),
    )
    .option(
      '--learning-rate <n>',
      'learning rate (default: 0.03 for sgd and nesterov, 0.001 for the others)',
      rate('--learning-rate'),
    )
    .option(
      '--weight-decay <n>',
      'weight decay, except for biases and norms (default: 0.0001)',
      rate('--weight-decay'),
    )
    .option(
      '--momentum <n>',
      'for sgd, nesterov, rmsprop (default: 0.9, or 0 for rmsprop)',
      rate('--momentum', 0, 1),
    )
    .option('--alpha <n>', 'for rmsprop (default: 0.99)', rate('--alpha', 0, 1))
    .option('--beta1 <n>', 'for adam, adamw (default: 0.9)', rate('--beta1', 0, 1))
    .option('--beta2 <n>', 'for adam, adamw (default: 0.999)', rate('--beta2', 0, 1))
    .option('--epsilon <n>', 'for rmsprop, adam, adamw (default: 1e-8)', rate('--epsilon'))
    .option('--clip <n>', 'clip the norm of all gradients together to n (default: no limit)', rate('--clip'));
}

function addSchedule(command: Command): void {
  command
    .option(
      '--schedule <name>',
      `schedule of the learning rate: ${SCHEDULES.join(', ')} (default: cosine)`,
      parseChoice('--schedule', SCHEDULES),
    )
    .option(
      '--warmup <n>',
      'number of steps in which the learning rate grows from a third of its value (default: a third of an epoch, at most 300)',
      parseWhole('--warmup', 0),
    )
    .option('--every <n>', 'with --schedule step: epochs between two reductions', parseWhole('--every', 1))
    .option(
      '--milestones <list>',
      'with --schedule step: epochs after which the rate is reduced, such as 80,120',
      parseMilestones,
    )
    .option(
      '--factor <n>',
      'with --schedule step: factor of a reduction (default: 0.1)',
      parseNumber('--factor', 0, Infinity),
    );
}

/** A number in [least, below). `Number` alone would also accept blanks and hexadecimal digits. */
const parseNumber =
  (flag: string, least: number, below: number) =>
  (text: string): number => {
    const value = /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
    if (value >= least && value < below) return value;
    const range = below === Infinity ? `from ${least}` : `from ${least} to below ${below}`;
    return fail('CNNC4005', flag, {}, `${JSON.stringify(text)} is not a number ${range}`);
  };

function parseMilestones(text: string): number[] {
  const epochs = text.split(',').map(parseWhole('--milestones', 1));
  const falls = epochs.findIndex((epoch, i) => i > 0 && epoch <= epochs[i - 1]!);
  if (falls > 0)
    fail(
      'CNNC4005',
      '--milestones',
      {},
      `${epochs[falls]} comes after ${epochs[falls - 1]}; the epochs must increase`,
    );
  return epochs;
}

async function train(file: string, flags: TrainFlags, terminal: Terminal): Promise<void> {
  const { out, resume, json, package: packageTargets = [USUAL_PACKAGE], ...settings } = flags;
  const screen = json
    ? { err: () => undefined, interactive: false }
    : { err: terminal.err, interactive: terminal.interactive, columns: terminal.widths?.err };
  const host: TrainHost = { screen, now: () => performance.now() / 1000, onStop: listenForStop };
  const training = await import('./train/run.ts');
  const result = await training.train({ file, flags: settings, out, resume, packageTargets }, host);
  if (json) terminal.out(`${JSON.stringify(result, undefined, 2)}\n`);
  else terminal.out(formatResult(result, file, terminal.paint?.out ?? plainText));
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Listens for the first signal only, so that the second one ends the process as usual. */
function listenForStop(listener: () => void): () => void {
  const ignore = (): void => {
    for (const signal of SIGNALS) process.off(signal, once);
  };
  const once = (): void => {
    ignore();
    listener();
  };
  for (const signal of SIGNALS) process.on(signal, once);
  return ignore;
}

function formatResult(
  { name, folder, history, seconds, package: made }: TrainResult,
  file: string,
  paint: Paint,
): string {
  const [last, best] = [history.epochs.at(-1)!, bestEpoch(history)!];
  const share = (accuracy: number): string => `${(accuracy * 100).toFixed(2)} %`;
  const { accuracy, loss } = last.validation;
  return `${[
    paint('headline', `${name} -> ${folder} (epoch ${last.epoch}, ${formatDuration(seconds)})`),
    `  validation accuracy ${share(accuracy)}, loss ${loss.toFixed(4)}; best ${share(best.validation.accuracy)} after epoch ${best.epoch}`,
    `  weights.safetensors, best.safetensors, curves.html, history.json`,
    `${made.folder} has the best weights, for inference (${made.targets.join(', ')})`,
    `  another one: npx cnnc compile ${file} --weights ${made.weights} --target ${targetNames.join(',')}`,
  ].join('\n')}\n`;
}
