/** Prepares a run: the data, the recipe, the trainer and its first state. */
import { join } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { buildGraph, inputTypes } from '../../frontend/buildGraph.ts';
import type { Model } from '../../frontend/model.ts';
import { asSafetensors } from '../../frontend/weightFile.ts';
import { readFile } from '../../host/readFile.ts';
import { isParameter } from '../../ir/leaves.ts';
import { nodeOf } from '../../ir/types.ts';
import { checkIdentity, dataDigest, parametersDigest, type Checkpoint, type Identity } from './checkpoint.ts';
import { compileTrainer, type TrainerSource } from './compileTrainer.ts';
import type { DataSet } from '../../training/dataset.ts';
import { borderOf } from '../../training/border.ts';
import { loadData, type DataSite } from '../../training/data/loadData.ts';
import { fitExamples, stepsPerEpoch, type Recipe } from '../../training/fit.ts';
import { checkWarmup, scheduleOf } from '../../training/rate.ts';
import { resizeData } from '../../training/resize.ts';
import { createRunFolder, type RunFolder } from './runFolder.ts';
import { augmentationOf, type Settings } from '../../training/settings.ts';
import { classifierOf, type LoadedTrainer, type Classifier } from '../../training/trainer.ts';

export interface RunPlan extends TrainerSource {
  readonly checkpoint?: Checkpoint;
}

export interface Run {
  readonly settings: Settings;
  readonly loaded: LoadedTrainer;
  readonly recipe: Recipe;
  readonly trainSteps: number;
  readonly checkpoint?: Checkpoint | undefined;
  readonly results: RunFolder;
}

type Say = (text: string) => void;

/** Checks options, data and files before it compiles or writes anything. */
export async function prepareRun(plan: RunPlan, say: Say): Promise<Run> {
  const { model, folder, settings, checkpoint } = plan;
  const { batch, epochs, seed, weights } = settings;
  const classifier = modelClassifier(model, batch);
  const levels: LateLevels = {};
  const raw = loadData(settings.data, dataSite(model, classifier, levels));
  const fit = settings.fit ?? usualFit(model, raw, classifier);
  if (fit === 'pad') sayBorder(raw, classifier, say);
  else if (!model.preprocess)
    fail('CNNC6002', '--fit', {}, 'resize needs a model with `preprocess: { ... }`');
  const trainSteps = stepsPerEpoch(raw, batch);
  checkWarmup(settings, trainSteps);
  const identity = identityOf(model, raw);
  if (checkpoint) checkIdentity(checkpoint, identity, join(folder, 'checkpoint'));
  const first = checkpoint || weights === undefined ? undefined : startWeights(weights);

  const loaded = await compileTrainer(plan, classifier, say);
  levels.convert = loaded.toLevels;
  await startTrainer(loaded, plan, first, say);
  const data = fit === 'pad' ? raw : await fitByPreprocess(raw, loaded, say);
  const recipe: Recipe = {
    ...fitExamples(data),
    ...{ epochs, seed, lastBatch: 'skip', normalization: data.normalization },
    augment: augmentationOf(settings, data.augmentation),
    schedule: scheduleOf(settings, trainSteps, loaded.schedules),
  };
  say(`${data.name}: ${data.train.count} training examples, ${data.validation.count} validation examples`);
  const results = createRunFolder({
    folder,
    loaded,
    settings,
    stepsPerEpoch: trainSteps,
    ...identity,
  });
  return { settings, loaded, recipe, trainSteps, checkpoint, results };
}

/** The conversion of images. The package provides it, and it is compiled after the data was checked. */
interface LateLevels {
  convert?: LoadedTrainer['toLevels'];
}

const dataSite = (model: Model, { extents, classes }: Classifier, levels: LateLevels): DataSite => ({
  ...{ extents, classes, labels: model.labels },
  ...(model.preprocess && { toLevels: (...image) => levels.convert!(...image) }),
});

const modelInputs = (model: Model, batch: number) => inputTypes(model, { batch }, () => undefined as never);

function modelClassifier(model: Model, batch: number): Classifier {
  const graph = buildGraph(model, { training: false, batch });
  const outputs = graph.outputs.map(({ name, value }) => [name, nodeOf(graph, value).type] as const);
  return classifierOf({
    name: model.name,
    inputs: modelInputs(model, batch),
    outputs: Object.fromEntries(outputs),
  });
}

/** Images of another size are resized by the `preprocess` of the model, as in inference. */
function usualFit({ preprocess }: Model, { extents }: DataSet, classifier: Classifier): 'pad' | 'resize' {
  return preprocess && extents.join() !== classifier.extents.join() ? 'resize' : 'pad';
}

function sayBorder(data: DataSet, classifier: Classifier, say: (text: string) => void): void {
  const border = borderOf(data, classifier.extents);
  if (border === 0) return;
  const [from, to] = [data.extents, classifier.extents].map((extents) => extents.slice(1).join('x'));
  say(
    `the images of ${data.name} are ${from}, the model takes ${to}: padding them with ${border} zeros on each side`,
  );
}

/** Includes running statistics, but no optimizer state, because that depends on the settings. */
function identityOf(model: Model, data: DataSet): Identity {
  const { nodes } = buildGraph(model, { training: true });
  const parameters = nodes.flatMap((node) =>
    isParameter(node) ? [{ name: node.attrs.name, shape: node.type.shape }] : [],
  );
  return { parameters: parametersDigest(parameters), data: dataDigest(data) };
}

async function fitByPreprocess(
  data: DataSet,
  { toLevels, extents }: LoadedTrainer,
  say: Say,
): Promise<DataSet> {
  say(
    `resizing the images of ${data.name} to ${extents.slice(1).join('x')} with the preprocess of the model`,
  );
  return resizeData(data, extents, (...image) => toLevels!(data.name, ...image));
}

const startWeights = (file: string): Uint8Array => asSafetensors(readFile('--weights', file), file);

/** Sets the first state of the trainer: the checkpoint, the given weights, or random weights. */
async function startTrainer(
  { trainer }: LoadedTrainer,
  { folder, settings, checkpoint }: RunPlan,
  weights: Uint8Array | undefined,
  say: Say,
): Promise<void> {
  if (checkpoint) {
    const { state } = checkpoint.header;
    await attempt(join(folder, 'checkpoint'), () => trainer.loadState(checkpoint.trainer));
    say(`resuming after epoch ${state.epoch}, step ${trainer.step}`);
    return;
  }
  if (!weights) return;
  const left = await attempt(settings.weights!, () => trainer.loadWeights(weights, { partial: true }));
  say(`starting from ${settings.weights}${left.length > 0 ? ', except for' : ''}`);
  for (const { name, reason } of left) say(`  ${name}: ${reason}`);
}

/** Reports an error of generated code, which throws plain errors, as a `Diagnostic`. */
async function attempt<T>(file: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const [found = '', ...details] = (error as Error).message.split('\n');
    return fail(
      'CNNC6024',
      'train',
      { file },
      found,
      details.map((line) => line.trim()),
    );
  }
}
