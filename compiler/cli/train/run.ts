/**
 * A training run, from a model file to a folder:
 *
 *     trainer/               the model, compiled for training
 *     checkpoint             what `--resume` continues from
 *     weights.safetensors    after the last epoch
 *     best.safetensors       after the epoch with the highest validation accuracy
 *     history.json           the numbers of every epoch
 *     curves.svg curves.html the same numbers as a picture
 *     package/               the best weights, compiled for inference
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Diagnostic, fail } from '../../diagnostics/diagnostic.ts';
import { loadModel } from '../../host/loadModel.ts';
import type { TargetRecord } from '../../emit/target.ts';
import type { Model } from '../../frontend/model.ts';
import { readCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { History } from '../../training/history.ts';
import { splitName } from '../../training/data/loadData.ts';
import type { FitRequest } from '../../training/fit.ts';
import { prepareRun, type Run } from './prepare.ts';
import { writeTrained, type TrainedPackage } from './writeTrained.ts';
import { createTrainingProgress, type Screen } from '../../training/progress.ts';
import { completeSettings, resumeSettings, type Flags, type Settings } from '../../training/settings.ts';

export interface TrainRequest {
  /** The model file. */
  readonly file: string;
  readonly flags: Flags;
  /** The folder of the run (default: runs/<model's name>). */
  readonly out?: string;
  readonly resume?: boolean;
  /** Targets of the package for inference. */
  readonly packageTargets: readonly TargetRecord[];
}

/** The environment of a run. */
export interface TrainHost {
  readonly screen: Screen;
  /** The time in seconds. */
  now(): number;
  /** Calls the listener when the run should stop. Returns a function that removes the listener. */
  onStop(listener: () => void): () => void;
}

export interface TrainResult {
  readonly name: string;
  readonly folder: string;
  readonly settings: Settings;
  readonly history: History;
  readonly seconds: number;
  readonly package: TrainedPackage;
}

export async function train(request: TrainRequest, host: TrainHost): Promise<TrainResult> {
  const { file, flags } = request;
  if (flags.data !== undefined) splitName(flags.data);
  const model = await loadModel(file);
  const folder = request.out ?? join('runs', model.name);
  const checkpoint = checkpointOf(folder, request.resume ?? false, model);
  const settings = checkpoint
    ? resumeSettings(checkpoint.header.settings, flags, join(folder, 'checkpoint'))
    : completeSettings(flags);
  const started = host.now();
  const say = (text: string): void => host.screen.err(`${text}\n`);
  const source = { model, file, folder, settings };
  const run = await prepareRun({ ...source, checkpoint }, say);
  const history = await execute(run, host);
  say('compiling the best weights for inference');
  const trained = await writeTrained(source, history, request.packageTargets);
  const seconds = host.now() - started;
  return { name: model.name, folder, settings, history, seconds, package: trained };
}

function checkpointOf(folder: string, resume: boolean, model: Model): Checkpoint | undefined {
  const file = join(folder, 'checkpoint');
  if (!resume) {
    if (!existsSync(file)) return undefined;
    return fail('CNNC6030', 'cnnc train', { file: folder }, 'the folder already holds a run', [
      '--resume continues this run; --out FOLDER begins another one',
    ]);
  }
  const checkpoint = readCheckpoint(file);
  const { model: name } = checkpoint.header;
  if (name !== model.name)
    fail('CNNC6033', 'checkpoint', { file }, `it belongs to the model ${name}, not to ${model.name}`);
  return checkpoint;
}

/** Longest time between two checkpoints. */
const SAVE_SECONDS = 300;

async function execute(run: Run, host: TrainHost): Promise<History> {
  const { settings, loaded, recipe, trainSteps, results } = run;
  const { epochs, batch } = settings;
  const validationSteps = Math.ceil(recipe.validation.count / batch);
  const size = { trainSteps, validationSteps, epochs, batch };
  const progress = createTrainingProgress(host.screen, size, () => host.now());
  const stop = new AbortController();
  const ignore = host.onStop(() => {
    stop.abort();
    progress.note('stopping after this step; press Ctrl-C again to stop immediately');
  });
  try {
    const {
      ending,
      points,
      epochs: measured,
    } = await loaded.fit(loaded.trainer, {
      ...recipe,
      ...{ store: storeOf(run), saveSeconds: SAVE_SECONDS, signal: stop.signal },
      onStep: (current) => progress.show(current),
      onEpoch: (result) => progress.endEpoch(result),
    });
    if (ending === 'stopped') failStopped(run);
    const history = { points, epochs: measured };
    await results.writeResults(history);
    return history;
  } catch (error) {
    if (isLostGpu(error)) failLost(error, run);
    if (isDiverged(error)) failDiverged(error, run);
    throw error;
  } finally {
    ignore();
    progress.end();
    loaded.trainer.close();
  }
}

/** The folder of the run, as the store of `fit`. */
const storeOf = ({ checkpoint, results }: Run): FitRequest['store'] => ({
  load() {
    if (!checkpoint) return Promise.resolve(undefined);
    const best = results.readBest();
    const { header, trainer } = checkpoint;
    return Promise.resolve({ state: header.state, trainer, ...(best && { best }) });
  },
  save: (saved) => results.save(saved),
  clear: () => Promise.resolve(),
});

const DIVERGED = 'training has diverged';

/** Whether `fit`, which throws plain errors, has found a loss that is not finite. */
const isDiverged = (error: unknown): error is Error =>
  error instanceof Error && !(error instanceof Diagnostic) && error.message.includes(DIVERGED);

const failDiverged = ({ message }: Error, { results }: Run): never =>
  fail('CNNC6021', 'train', {}, message.slice(message.indexOf(DIVERGED)), [
    results.describeSaved(),
    'try a lower --learning-rate, a --warmup, or --clip 1',
  ]);

/** Whether generated code, which throws plain errors, has lost the GPU, for example because the machine slept. */
const isLostGpu = (error: unknown): error is Error =>
  error instanceof Error && error.message.includes('the GPU device was lost');

const failLost = ({ message }: Error, { results }: Run): never =>
  fail('CNNC6023', 'train', {}, message, [results.describeSaved(), '--resume continues from there']);

function failStopped({ settings, loaded, trainSteps, results }: Run): never {
  const found = `stopped after step ${loaded.trainer.step} of ${settings.epochs * trainSteps}`;
  return fail('CNNC6022', 'train', {}, found, [results.describeSaved(), '--resume continues from there']);
}
