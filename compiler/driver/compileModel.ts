/**
 * The whole compile except for the package: model -> graphs -> passes -> programs -> memory plans. Graphs are built
 * once, passes run once, and parameters are matched once for all targets. Nothing here touches a file.
 */
import { inputTypes } from '../frontend/buildGraph.ts';
import { checkLabelCount, classesOf, type GivenLabels } from '../frontend/labels.ts';
import type { LeftOut } from '../frontend/matchWeights.ts';
import { detectorFor, preprocessFor, type Model } from '../frontend/model.ts';
import { isLearned } from '../ir/leaves.ts';
import { sizeOf, type Graph, type TensorType } from '../ir/types.ts';
import type { WeightFacts } from '../emit/model.ts';
import type { TargetedModel } from '../emit/target.ts';
import { batchFolder } from '../emit/types.ts';
import { checkBatches, graphInputTypes, outputTypes } from './batches.ts';
import { buildInference, checkOutputs, passInference, type PassedGraph } from './graphs.ts';
import type { Settings } from './options.ts';
import { createRecorder, type Recorder, type Stage } from './recorder.ts';
import { compileForTarget, type BatchFacts, type ModelFacts } from './targetHalf.ts';
import { buildTrained, passTraining, type TrainingGraphs } from './trainingGraphs.ts';
import { weightFacts } from './weightFacts.ts';
import { matchParameters, trainingOnly, type WeightSource } from './weights.ts';

/** Inputs of a compile besides its settings. */
export interface CompileInputs {
  readonly weights?: WeightSource;
  /** The choices of tuning, by the target's name. */
  readonly tuned?: ReadonlyMap<string, unknown>;
  readonly recorder?: Recorder;
}

/** All results of a compile. */
export interface Compiled {
  readonly inference: PassedGraph;
  readonly training?: TrainingGraphs;
  /** The graphs before the passes and after every pass. */
  readonly stages: readonly Stage[];
  /** Tensors of the weight file and parameters of the model that have no match. */
  readonly left: readonly LeftOut[];
  /** The programs and memory plans, one entry for each target. */
  readonly models: readonly TargetedModel[];
}

export function compileModel(
  model: Model,
  settings: Settings,
  { weights, tuned, recorder = createRecorder(settings.onStage) }: CompileInputs = {},
): Compiled {
  const { training: wanted } = settings;
  const sources = settings.batches.inference.map((batch) => buildInference(model, settings, batch, recorder));
  const [source] = sources as [Graph];
  if (settings.batches.takesAny)
    checkBatches(model, sources, settings.batches.inference as readonly number[]);
  const trained = wanted && buildTrained(model, settings, wanted, recorder);
  if (trained) checkOutputs(model, source, trained.forward);
  // In training a net may have more parameters, such as those of auxiliary heads.
  const whole = trained?.forward ?? source;
  const { data, left } = recorder.timer.time('frontend', 'weights', () =>
    matchParameters(whole, weights, {
      seed: settings.seed,
      isPartial: wanted !== undefined && wanted.train !== 'all',
      alsoKnown: () => (trained ? [] : trainingOnly(model, source)),
    }),
  );
  const inference = passInference(source, settings, recorder);
  const batches = sources.slice(1).map((graph): BatchFacts => {
    const [images] = Object.values(graphInputTypes(graph))[0]!.shape as [number];
    const { after } = passInference(graph, settings, recorder, `${batchFolder(images)}-`);
    return { images, graph: after, inputs: graphInputTypes(graph), outputs: outputTypes(after) };
  });
  const training = wanted && trained && passTraining(model, trained, settings, wanted, recorder);
  const facts = factsOf(model, inference, settings, weightFacts(source, { data, weights, settings }));
  const models = settings.targets.map((target) =>
    compileForTarget(target, { facts, batches, training, data }, settings, tuned?.get(target.name), recorder),
  );
  return { inference, training, stages: recorder.stages, left, models };
}

function factsOf(
  model: Model,
  { before, after }: PassedGraph,
  settings: Settings,
  weights: WeightFacts,
): ModelFacts {
  const shapes = { batch: settings.batches.inference[0], inputs: settings.inputs };
  const inputs = inputTypes(model, shapes, (found) => {
    throw new Error(`the frontend took what is refused now: ${found}`);
  });
  const outputs = outputTypes(after);
  return {
    name: settings.name,
    source: settings.source,
    inputs,
    outputs,
    preprocess: preprocessFor(model, inputs, settings.preprocess),
    labels: labelsFor(model, outputs, settings.labels),
    detection: detectorFor(model, inputs, outputs),
    parameterCount: learnedCount(before),
    graph: after,
    weights,
  };
}

function labelsFor(
  { name, labels }: Model,
  outputs: Readonly<Record<string, TensorType>>,
  given: GivenLabels | undefined,
): readonly string[] | undefined {
  if (!given) return labels;
  checkLabelCount(given, classesOf(outputs), name, 'labels');
  return given.names;
}

/** The number of learned numbers. As in the literature, running statistics do not count. */
const learnedCount = (graph: Graph): number =>
  graph.nodes.filter(isLearned).reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
