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
import { fail } from '../../diagnostics/diagnostic.ts';
import { loadModel } from '../../host/loadModel.ts';
import type { TargetRecord } from '../../emit/target.ts';
import type { Model } from '../../frontend/model.ts';
import { readCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { History } from '../../training/history.ts';
import { splitName } from '../../training/data/loadData.ts';
import { historyOf, runLoop } from '../../training/loop.ts';
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
  await execute(run, host);
  const history = historyOf(run.state);
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

async function execute(run: Run, host: TrainHost): Promise<void> {
  const { settings, loaded, batches, learningRate, state, results } = run;
  const { epochs, batch } = settings;
  const progress = createTrainingProgress(host.screen, { ...batches, epochs, batch }, () => host.now());
  let isStopping = false;
  const ignore = host.onStop(() => {
    isStopping = true;
    progress.note('stopping after this step; press Ctrl-C again to stop immediately');
  });
  try {
    const ending = await runLoop(
      {
        ...{ loaded, batches, learningRate, epochs },
        save: (current) => results.save(current),
        describeSaved: () => results.describeSaved(),
        onEpoch(result, current) {
          progress.endEpoch(result);
          return results.keepBest(current);
        },
        onProgress: (current) => progress.show(current),
        shouldStop: () => isStopping,
        pause: () => new Promise((resolve) => setImmediate(resolve)),
        now: () => host.now(),
      },
      state,
    );
    if (ending === 'stopped') failStopped(run);
    await results.writeResults(state);
  } catch (error) {
    if (isLostGpu(error)) failLost(error, run);
    throw error;
  } finally {
    ignore();
    progress.end();
    loaded.trainer.close();
  }
}

/** Whether generated code, which throws plain errors, has lost the GPU, for example because the machine slept. */
const isLostGpu = (error: unknown): error is Error =>
  error instanceof Error && error.message.includes('the GPU device was lost');

const failLost = ({ message }: Error, { results }: Run): never =>
  fail('CNNC6023', 'train', {}, message, [results.describeSaved(), '--resume continues from there']);

function failStopped({ settings, state, batches, results }: Run): never {
  const done = state.epoch * batches.trainSteps + state.step;
  const found = `stopped after step ${done} of ${settings.epochs * batches.trainSteps}`;
  return fail('CNNC6022', 'train', {}, found, [results.describeSaved(), '--resume continues from there']);
}
