/**
 * A whole training run, from a model file to a folder:
 *
 *     package/               the model, compiled for training
 *     checkpoint             what `--resume` continues from
 *     weights.safetensors    after the last epoch
 *     best.safetensors       after the epoch with the highest validation accuracy
 *     history.json           the numbers of every epoch
 *     curves.svg curves.html the same as a picture
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { selectTrained } from '../autodiff/selection.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { buildGraph, inputTypes } from '../frontend/buildGraph.ts';
import { loadModel } from '../frontend/loadModel.ts';
import { preprocessFor, type Model } from '../frontend/model.ts';
import { fromHere } from '../frontend/place.ts';
import { nodeOf } from '../ir/types.ts';
import { createBatches, type Batches } from './batches.ts';
import { dataDigest, parametersDigest, readCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { DataSet } from './dataset.ts';
import type { History } from './history.ts';
import { borderOf, loadData, splitName } from './loadData.ts';
import { historyOf, initialState, runLoop, type LoopState } from './loop.ts';
import { levelTables } from './normalize.ts';
import { createTrainingProgress, type Screen, type TrainingProgress } from './progress.ts';
import { resizeData } from './resize.ts';
import { createRunFolder, type RunFolder } from './runFolder.ts';
import { scheduleOf } from './rate.ts';
import { augmentationOf, completeSettings, resumeSettings, type Flags, type Settings } from './settings.ts';
import { faceOf, loadTrainer, type LoadedTrainer, type TrainerFace } from './trainer.ts';

export interface TrainRequest {
  /** The model file. */
  readonly file: string;
  readonly flags: Flags;
  /** Default: runs/<the model's name>. */
  readonly out?: string;
  readonly resume?: boolean;
}

/** What a run needs of the world around it. */
export interface TrainHost {
  readonly screen: Screen;
  /** In seconds. */
  now(): number;
  /** Calls back when the run shall stop; the result takes the listener off again. */
  onStop(listener: () => void): () => void;
}

export interface TrainResult {
  readonly name: string;
  readonly folder: string;
  readonly settings: Settings;
  readonly history: History;
  readonly seconds: number;
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
  const run = await prepareRun({ model, file, folder, settings, checkpoint }, host);
  await execute(run, host);
  return { name: model.name, folder, settings, history: historyOf(run.state), seconds: host.now() - started };
}

function checkpointOf(folder: string, resume: boolean, model: Model): Checkpoint | undefined {
  const file = join(folder, 'checkpoint');
  if (!resume) {
    if (!existsSync(file)) return undefined;
    return fail('cnnc train', { file: folder }, 'the folder holds a run already', [
      '--resume continues it, --out FOLDER begins another one',
    ]);
  }
  const checkpoint = readCheckpoint(file);
  const { model: name } = checkpoint.header;
  if (name !== model.name)
    fail('checkpoint', { file }, `it belongs to the model ${name}, not to ${model.name}`);
  return checkpoint;
}

interface RunPlan {
  readonly model: Model;
  readonly file: string;
  readonly folder: string;
  readonly settings: Settings;
  readonly checkpoint?: Checkpoint;
}

interface Run {
  readonly settings: Settings;
  readonly loaded: LoadedTrainer;
  readonly batches: Batches;
  readonly learningRate: (step: number) => number;
  readonly state: LoopState;
  readonly results: RunFolder;
  readonly progress: TrainingProgress;
}

async function prepareRun(plan: RunPlan, host: TrainHost): Promise<Run> {
  const { model, folder, settings, checkpoint } = plan;
  const say = (text: string): void => host.screen.err(`${text}\n`);
  const face = modelFace(model, settings.batch);
  const levels: LateLevels = {};
  const raw = loadData(settings.data, {
    extents: face.extents,
    classes: face.classes,
    labels: model.labels,
    ...(model.preprocess && { toLevels: (...image) => levels.convert!(...image) }),
  });
  if (settings.fit === 'pad') sayBorder(raw, face, say);
  checkData(raw, checkpoint, folder);
  say(`compiling ${plan.file} for training`);
  const loaded = await compileTrainer(plan, face);
  levels.convert = loaded.toLevels;
  const data = settings.fit === 'pad' ? raw : await fitByPreprocess(raw, loaded, say);
  const batches = createBatches({
    data,
    ...{ extents: face.extents, batch: settings.batch, seed: settings.seed },
    augmentation: augmentationOf(settings, data.augmentation),
    tables: levelTables(
      preprocessFor(model, modelInputs(model, settings.batch)),
      data.normalization,
      face.extents[0],
    ),
  });
  const state = startState(plan, loaded, say);
  const progress = createTrainingProgress(
    host.screen,
    { ...batches, epochs: settings.epochs, batch: settings.batch },
    () => host.now(),
  );
  say(`${data.name}: ${data.train.count} examples to learn from, ${data.validation.count} to validate`);
  const results = createRunFolder({
    ...{ folder, loaded, settings, stepsPerEpoch: batches.trainSteps },
    parameters: parametersDigest(loaded.trainer.exportWeights()),
    data: dataDigest(raw),
  });
  const learningRate = scheduleOf(settings, batches.trainSteps, loaded.schedules);
  return { settings, loaded, batches, learningRate, state, results, progress };
}

/** Images are decoded when they are needed, by the package, which is compiled after the data was looked at. */
interface LateLevels {
  convert?: LoadedTrainer['toLevels'];
}

const modelInputs = (model: Model, batch: number) => inputTypes(model, { batch }, () => undefined as never);

function modelFace(model: Model, batch: number): TrainerFace {
  const graph = buildGraph(model, { training: false, batch });
  const outputs = graph.outputs.map(({ name, value }) => [name, nodeOf(graph, value).type] as const);
  return faceOf({
    name: model.name,
    inputs: modelInputs(model, batch),
    outputs: Object.fromEntries(outputs),
  });
}

function sayBorder(data: DataSet, face: TrainerFace, say: (text: string) => void): void {
  const border = borderOf(data, face.extents);
  if (border === 0) return;
  const [from, to] = [data.extents, face.extents].map((extents) => extents.slice(1).join('x'));
  say(
    `the images of ${data.name} are ${from}, the model takes ${to}: ${border} zeros are put around them on each side`,
  );
}

function checkData(data: DataSet, checkpoint: Checkpoint | undefined, folder: string): void {
  if (!checkpoint || checkpoint.header.data === dataDigest(data)) return;
  fail('checkpoint', { file: join(folder, 'checkpoint') }, `${data.name} has changed since it was written`, [
    'a run can only be resumed with the examples that it began with',
  ]);
}

async function fitByPreprocess(
  data: DataSet,
  loaded: LoadedTrainer,
  say: (text: string) => void,
): Promise<DataSet> {
  const { toLevels, extents } = loaded;
  if (!toLevels) return fail('--fit', {}, 'resize needs a model with a `preprocess: { ... }`');
  say(`the images of ${data.name} become ${extents.slice(1).join('x')} as the model's preprocess does it`);
  return resizeData(data, extents, (...image) => toLevels(data.name, ...image));
}

async function compileTrainer(plan: RunPlan, face: TrainerFace): Promise<LoadedTrainer> {
  const { model, file, folder, settings } = plan;
  // The compiler brings TypeScript's and prettier's sources along: not before everything else is right.
  const { compileToPackage } = await import('../pipeline.ts');
  const { checkFolder, writePackage } = await import('../package/write.ts');
  const { optimizer, batch, seed, clip, train: selection } = settings;
  const target = join(folder, 'package');
  checkFolder(target);
  const isTrained = selection === undefined ? undefined : selectTrained(selection, learnedWeights(model));
  const compiled = await compileToPackage(model, {
    ...{ source: fromHere(resolve(file)), batch, seed },
    training: { optimizer, isTrained, clips: clip !== undefined },
  });
  writePackage(target, compiled.files);
  return loadTrainer(target, face, settings, model.preprocess);
}

function learnedWeights(model: Model): string[] {
  const { nodes } = buildGraph(model, { training: true });
  return nodes.flatMap((node) =>
    node.op === 'parameter' && node.attrs.role === 'weight' ? [node.attrs.name] : [],
  );
}

/** Puts the trainer where the run begins: at the checkpoint, at given weights, or at its own first ones. */
function startState(
  { folder, settings, checkpoint }: RunPlan,
  loaded: LoadedTrainer,
  say: (text: string) => void,
): LoopState {
  if (checkpoint) {
    const file = join(folder, 'checkpoint');
    const { header } = checkpoint;
    if (header.parameters !== parametersDigest(loaded.trainer.exportWeights())) {
      fail(
        'checkpoint',
        { file },
        `it belongs to another ${loaded.name}: the weights have other names or shapes`,
      );
    }
    attempt(file, () => loaded.trainer.loadState(checkpoint.trainer));
    say(`resuming after epoch ${header.state.epoch}, step ${loaded.trainer.step}`);
    return header.state;
  }
  const { weights } = settings;
  if (weights === undefined) return initialState();
  const left = attempt(weights, () => loaded.trainer.loadWeights(readWeights(weights), { partial: true }));
  say(`starting from ${weights}${left.length > 0 ? ', but for' : ''}`);
  for (const { name, reason } of left) say(`  ${name}: ${reason}`);
  return initialState();
}

function readWeights(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    return fail('--weights', { file }, `cannot read the file: ${(error as Error).message}`);
  }
}

/** Generated code throws plain errors. */
function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const [found = '', ...details] = (error as Error).message.split('\n');
    return fail(
      'train',
      { file },
      found,
      details.map((line) => line.trim()),
    );
  }
}

async function execute(run: Run, host: TrainHost): Promise<void> {
  const { settings, loaded, batches, learningRate, state, results, progress } = run;
  let isStopping = false;
  const ignore = host.onStop(() => {
    isStopping = true;
    progress.note('stopping after this step; once more stops at once');
  });
  try {
    const ending = await runLoop(
      {
        ...{ loaded, batches, learningRate, epochs: settings.epochs },
        save: (current) => results.save(current),
        describeSaved: () => results.describeSaved(),
        onEpoch(result, current) {
          progress.endEpoch(result);
          results.keepBest(current);
        },
        onProgress: (current) => progress.show(current),
        shouldStop: () => isStopping,
        now: () => host.now(),
      },
      state,
    );
    if (ending === 'stopped') failStopped(run);
    results.writeResults(state);
  } finally {
    ignore();
    progress.end();
    loaded.trainer.close();
  }
}

function failStopped({ settings, state, batches, results }: Run): never {
  const done = state.epoch * batches.trainSteps + state.step;
  const found = `stopped after step ${done} of ${settings.epochs * batches.trainSteps}`;
  return fail('train', {}, found, [results.describeSaved(), '--resume continues from there']);
}
