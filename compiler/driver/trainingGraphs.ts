/**
 * The graphs of a training step: the model in training mode, the joint graph of forward, loss, gradients and updates,
 * and the results of the passes. All are for one micro-batch, and none depends on a target.
 */
import { countsExamples } from '../autodiff/countsExamples.ts';
import { optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import { trainingPhases } from '../autodiff/phases.ts';
import { selectTrained } from '../autodiff/selection.ts';
import { hyperparameterOf, isGradientName, trainingGraph } from '../autodiff/trainingGraph.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { PackageParameter } from '../emit/parameters.ts';
import { buildGraph, inputTypes, targetTypes, type ShapeOptions } from '../frontend/buildGraph.ts';
import type { Model } from '../frontend/model.ts';
import { SEED_INPUT } from '../frontend/net.ts';
import type { Refuse } from '../frontend/refuse.ts';
import { isInput, isLearned, isParameter } from '../ir/leaves.ts';
import type { Graph, Node, TensorType } from '../ir/types.ts';
import { passesFor } from '../passes/index.ts';
import type { OrderOptions } from '../passes/orderForMemory.ts';
import { runPasses } from '../passes/run.ts';
import type { PassContext } from '../passes/table.ts';
import { MICRO_BATCHED_STEP, TRAIN_STEP, type Timeline } from '../program/types.ts';
import type { PassedGraph } from './graphs.ts';
import type { Settings } from './options.ts';
import { parametersIn } from './parameters.ts';
import { numbered, passHooks, type Recorder } from './recorder.ts';

type Training = NonNullable<Settings['training']>;

/** The model in training mode, and which of its weights are learned. */
export interface TrainedModel {
  readonly forward: Graph;
  readonly isTrained: (name: string) => boolean;
  /** Names of all weights that can be learned, in the network's order. */
  readonly weights: readonly string[];
}

export interface TrainingGraphs extends PassedGraph {
  /** The graph after the passes that come before recomputation. */
  readonly simplified: Graph;
  readonly optimizer: OptimizerName;
  readonly microBatches: number;
  readonly timeline: Timeline;
  /** Whether a step can leave out examples of its batch. */
  readonly countsExamples: boolean;
  /** The inputs of the network, for the whole batch. */
  readonly inputs: Readonly<Record<string, TensorType>>;
  /** Inputs that only the loss reads. */
  readonly targets: Readonly<Record<string, TensorType>>;
  /** Weights, running statistics and optimizer state, in the model's order. */
  readonly parameters: readonly PackageParameter[];
  /** Runs the remaining passes for a choice of values that are computed twice. */
  readonly finish: (recompute: PassContext['recompute'], note?: Note) => Graph;
}

export type Note = (pass: string, graph: Graph) => void;

/**
 * Builds the model in training mode. The weights are known only after a build. If a batch norm learns nothing under
 * the selection, a second build keeps its running statistics.
 */
export function buildTrained(
  model: Model,
  settings: Settings,
  training: Training,
  { timer }: Recorder,
): TrainedModel {
  const shapes = microBatch(model, settings, training.microBatches);
  const build = (frozen?: (path: string) => boolean): Graph =>
    timer.time('frontend', 'training graph', () => buildGraph(model, { training: true, ...shapes, frozen }));
  const first = build(training.frozen);
  const weights = weightsOf(first);
  const { train } = training;
  const isTrained = typeof train === 'function' ? train : selectTrained(train, weights);
  const learnsNothing = (path: string): boolean => !isTrained(`${path}.weight`) && !isTrained(`${path}.bias`);
  const isDone = training.frozen !== undefined || !movingNorms(first).some(learnsNothing);
  return { forward: isDone ? first : build(learnsNothing), isTrained, weights };
}

/** Paths of the layers whose running statistics change. */
const movingNorms = (graph: Graph): string[] =>
  graph.updates.flatMap(({ target }) => {
    const node = graph.nodes[target]!;
    return isParameter(node) ? [node.attrs.name.replace(/\.[^.]*$/, '')] : [];
  });

/** Shapes of one micro-batch. */
function microBatch(model: Model, { batches: { batch }, inputs }: Settings, count: number): ShapeOptions {
  if (count === 1) return { batch, inputs };
  const refuse: Refuse = (code, found) => fail(code, '--micro-batches', { path: model.name }, found);
  const whole = inputTypes(model, { batch, inputs }, refuse);
  const targets = targetTypes(model, whole, { batch, inputs }, refuse);
  const shapes = Object.entries({ ...whole, ...targets }).map(([name, { shape }]) => {
    const [images = 1, ...rest] = shape;
    if (images % count !== 0)
      refuse('CNNC7004', `the batch of ${images} cannot be divided into ${count} equal micro-batches`);
    return [name, [images / count, ...rest]] as const;
  });
  return { inputs: Object.fromEntries(shapes) };
}

export function passTraining(
  model: Model,
  trained: TrainedModel,
  settings: Settings,
  training: Training,
  recorder: Recorder,
): TrainingGraphs {
  const { optimizer, microBatches } = training;
  const before = recorder.timer.time('frontend', 'joint graph', () => jointGraph(trained, training));
  const context = { disabled: settings.disabledPasses, order: ORDER };
  const note = numbered(recorder, 'training-');
  note('model', before);
  const simplified = runPasses(before, passesFor('training', context), passHooks(recorder, note));
  const finish: TrainingGraphs['finish'] = (recompute, noteTail) => {
    const passes = passesFor('trainingTail', { ...context, recompute });
    return runPasses(simplified, passes, passHooks(recorder, noteTail));
  };
  return {
    ...{ before, simplified, finish, after: finish(undefined, note), optimizer, microBatches },
    timeline: microBatches > 1 ? MICRO_BATCHED_STEP : TRAIN_STEP,
    countsExamples: microBatches === 1 && countsExamples(trained.forward),
    inputs: inputTypes(model, { batch: settings.batches.batch, inputs: settings.inputs }, (_, found) => {
      throw new Error(`the frontend took what is refused now: ${found}`);
    }),
    targets: lossInputs(before, Object.keys(model.inputs)),
    parameters: parametersIn(before),
  };
}

function jointGraph({ forward, isTrained, weights }: TrainedModel, training: Training): Graph {
  const { decays, clip, microBatches, inputGradients = weights.every(isTrained) } = training;
  const optimizer = optimizers[training.optimizer];
  return trainingGraph(forward, { optimizer, isTrained, decays, clips: clip, inputGradients, microBatches });
}

/** Keeps updates, and values that only the caller reads, out of the peak: `step` runs them as soon as it can. */
function turns(graph: Graph): (node: Node) => number | undefined {
  const phaseOf = trainingPhases(graph);
  const counted = ['forward', 'loss', 'backward'];
  return (node) => {
    const turn = counted.indexOf(phaseOf(node));
    return turn < 0 ? undefined : turn;
  };
}

/** The order of a step's nodes in memory: phase by phase. Gradients do not outlive the step. */
export const ORDER: OrderOptions = { turns, isKept: (output) => !isGradientName(output) };

const weightsOf = (graph: Graph): string[] => graph.nodes.filter(isLearned).map(({ attrs }) => attrs.name);

/** Inputs that belong neither to the network nor to the trainer (hyperparameters, the seed). */
function lossInputs(joint: Graph, inputs: readonly string[]): Record<string, TensorType> {
  const isOwn = (name: string): boolean => hyperparameterOf(name) !== undefined || name === SEED_INPUT;
  return Object.fromEntries(
    joint.nodes.flatMap((node) => {
      if (!isInput(node) || inputs.includes(node.attrs.name) || isOwn(node.attrs.name)) return [];
      return [[node.attrs.name, node.type] as const];
    }),
  );
}
