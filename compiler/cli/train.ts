/**
 * `cnnc train <model>`: compiles a model for training and teaches it. The loop itself is compiler/training.
 */
import type { Command } from 'commander';
import { fail, nearest } from '../diagnostics/diagnostic.ts';
import { formatDuration } from '../training/curves.ts';
import { bestEpoch } from '../training/history.ts';
import type { TrainHost, TrainResult } from './train/run.ts';
import { modelFile } from '../host/loadModel.ts';
import { targetNames } from '../targets/index.ts';
import { FITS, OPTIMIZERS, SCHEDULES, type Flags } from '../training/settings.ts';
import { parseWhole } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface TrainFlags extends Flags {
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

export function trainCommand(terminal: Terminal): Command {
  const command = createCommand('train', terminal, [
    'cnnc train models/lenet5.ts --data mnist',
    'cnnc train models/resnet20.ts --data cifar10:data/cifar-10-batches-bin --epochs 160 --batch 128',
    'cnnc train models/pets.ts --data folder:data/pets --weights resnet18.safetensors --train head',
    'cnnc train models/lenet5.ts --resume',
  ]);
  command
    .description('train a model, from scratch or from given weights')
    .argument('<model>', 'a TypeScript file whose default export is defineModel({ ... })')
    .option('--data <set>', 'mnist, mnist:DIR, cifar10:DIR, or folder:DIR with a folder for each class')
    .option(
      '--target <name>',
      `what it trains on: ${targetNames.join(', ')}; default ${targetNames[0]}, whose results are the same on every machine`,
      oneOf('--target', targetNames),
    )
    .option('--out <folder>', "where the run goes; default runs/<model's name>")
    .option('--resume', 'continue the run in that folder, with its settings');
  addRecipe(command);
  addSchedule(command);
  return command
    .option(
      '--weights <file>',
      'a safetensors file or a .pt of PyTorch to start from; what does not fit is left as it is',
    )
    .option('--train <which>', "learn only these weights: head, last:N, bias, or names such as 'layer4.*'")
    .option('--flip', 'mirror images by chance')
    .option('--no-flip', "never; the default is the data set's")
    .option(
      '--shift <n>',
      "cut images out at an offset of up to n pixels; default the data set's",
      parseWhole('--shift', 0),
    )
    .option(
      '--fit <how>',
      "images of another size: resize as the model's preprocess does (default), or pad with zeros",
      oneOf('--fit', FITS),
    )
    .option('--json', 'print the result as JSON, and no progress')
    .action((file: string, flags: TrainFlags) => train(modelFile(file), flags, terminal));
}

function addRecipe(command: Command): void {
  const rate = (flag: string, least = 0, below = Infinity) => parseNumber(flag, least, below);
  command
    .option(
      '--epochs <n>',
      'times through the training examples; default 10, for mnist 4',
      parseWhole('--epochs', 1),
    )
    .option('--batch <n>', 'images in one step; default 64', parseWhole('--batch', 1))
    .option(
      '--seed <n>',
      'draws weights, order, augmentation and dropout; default 1',
      parseWhole('--seed', 0),
    )
    .option('--optimizer <name>', `${OPTIMIZERS.join(', ')}; default sgd`, oneOf('--optimizer', OPTIMIZERS))
    .option(
      '--learning-rate <n>',
      'default 0.03 for sgd and nesterov, 0.001 for the others',
      rate('--learning-rate'),
    )
    .option('--weight-decay <n>', 'default 0.0001; biases and norms do not decay', rate('--weight-decay'))
    .option('--momentum <n>', 'sgd, nesterov (default 0.9), rmsprop (0)', rate('--momentum', 0, 1))
    .option('--alpha <n>', 'rmsprop; default 0.99', rate('--alpha', 0, 1))
    .option('--beta1 <n>', 'adam, adamw; default 0.9', rate('--beta1', 0, 1))
    .option('--beta2 <n>', 'adam, adamw; default 0.999', rate('--beta2', 0, 1))
    .option('--epsilon <n>', 'rmsprop, adam, adamw; default 1e-8', rate('--epsilon'))
    .option('--clip <n>', 'the largest norm of all gradients together; default none', rate('--clip'));
}

function addSchedule(command: Command): void {
  command
    .option('--schedule <name>', `${SCHEDULES.join(', ')}; default cosine`, oneOf('--schedule', SCHEDULES))
    .option(
      '--warmup <n>',
      'steps in which the rate grows from a third; default a third of an epoch, at most 300',
      parseWhole('--warmup', 0),
    )
    .option('--every <n>', 'step: epochs between two reductions', parseWhole('--every', 1))
    .option('--milestones <list>', 'step: the epochs after which to reduce, as 80,120', parseMilestones)
    .option(
      '--factor <n>',
      'step: what the rate is multiplied with; default 0.1',
      parseNumber('--factor', 0, Infinity),
    );
}

/** In [least, below); `Number` would take blanks and hexadecimals as well. */
const parseNumber =
  (flag: string, least: number, below: number) =>
  (text: string): number => {
    const value = /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
    if (value >= least && value < below) return value;
    const range = below === Infinity ? `from ${least}` : `from ${least} to below ${below}`;
    return fail('CNNC4005', flag, {}, `${JSON.stringify(text)} is not a number ${range}`);
  };

const oneOf =
  <const T extends string>(flag: string, names: readonly T[]) =>
  (text: string): T => {
    const name = names.find((known) => known === text);
    if (name !== undefined) return name;
    const near = nearest(text, names);
    const hint = near ? `, did you mean ${near}?` : `, expected ${names.join(', ')}`;
    return fail('CNNC4005', flag, {}, `there is no ${JSON.stringify(text)}${hint}`);
  };

function parseMilestones(text: string): number[] {
  const epochs = text.split(',').map(parseWhole('--milestones', 1));
  const falls = epochs.findIndex((epoch, i) => i > 0 && epoch <= epochs[i - 1]!);
  if (falls > 0)
    fail(
      'CNNC4005',
      '--milestones',
      {},
      `${epochs[falls]} stands behind ${epochs[falls - 1]}, they must rise`,
    );
  return epochs;
}

async function train(file: string, flags: TrainFlags, terminal: Terminal): Promise<void> {
  const { out, resume, json, ...settings } = flags;
  const screen = json
    ? { err: () => undefined, interactive: false }
    : { ...terminal, columns: process.stderr.columns };
  const host: TrainHost = { screen, now: () => performance.now() / 1000, onStop: listenForStop };
  const training = await import('./train/run.ts');
  const result = await training.train({ file, flags: settings, out, resume }, host);
  terminal.out(json ? `${JSON.stringify(result, undefined, 2)}\n` : formatResult(result));
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The first signal only: the second one ends the process, as it would without us. */
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

function formatResult({ name, folder, history, seconds }: TrainResult): string {
  const [last, best] = [history.epochs.at(-1)!, bestEpoch(history)!];
  const share = (accuracy: number): string => `${(accuracy * 100).toFixed(2)} %`;
  const { accuracy, loss } = last.validation;
  return `${[
    `${name} -> ${folder} (epoch ${last.epoch}, ${formatDuration(seconds)})`,
    `  validation accuracy ${share(accuracy)}, loss ${loss.toFixed(4)}; best ${share(best.validation.accuracy)} after epoch ${best.epoch}`,
    `  weights.safetensors, best.safetensors, curves.html, history.json`,
  ].join('\n')}\n`;
}
