/**
 * The whole compile but for the package: model -> graphs -> passes -> programs -> memory plans. Each graph is built once
 * and passed once for all targets; parameters are matched once. Nothing here touches a file.
 */
import { inputTypes } from '../frontend/buildGraph.ts';
import type { LeftOut } from '../frontend/matchWeights.ts';
import { detectorFor, preprocessFor, type Model } from '../frontend/model.ts';
import { nodeOf, sizeOf, type Graph, type TensorType } from '../ir/types.ts';
import type { CompiledModel } from '../package/types.ts';
import type { TargetOptions } from '../targets/index.ts';
import { buildInference, checkOutputs, passInference, type PassedGraph } from './graphs.ts';
import type { Settings } from './options.ts';
import { createRecorder, type Recorder, type Stage } from './recorder.ts';
import { compileForTarget, type ModelFacts } from './targetHalf.ts';
import { buildTrained, passTraining, type TrainingGraphs } from './trainingGraphs.ts';
import { matchParameters, trainingOnly, type WeightSource } from './weights.ts';

/** What a compile is given beside its settings. */
export interface CompileInputs {
  readonly weights?: WeightSource;
  /** The wasm target's ways of convolutions, where they are not left to its cost model. */
  readonly choose?: TargetOptions['choose'];
  readonly recorder?: Recorder;
}

/** Everything that a compile finds out. */
export interface Compiled {
  readonly inference: PassedGraph;
  readonly training?: TrainingGraphs;
  /** The graphs as they come in and after every pass. */
  readonly stages: readonly Stage[];
  /** What of the weight file, or of the model, found no partner. */
  readonly left: readonly LeftOut[];
  /** One for each target, with its programs and memory plans. */
  readonly models: readonly CompiledModel[];
}

export function compileModel(
  model: Model,
  settings: Settings,
  { weights, choose, recorder = createRecorder(settings.onStage) }: CompileInputs = {},
): Compiled {
  const { training: wanted } = settings;
  const source = buildInference(model, settings, recorder);
  const trained = wanted && buildTrained(model, settings, wanted, recorder);
  if (trained) checkOutputs(model, source, trained.forward);
  // In training a net may have more of them: auxiliary heads.
  const whole = trained?.forward ?? source;
  const { data, left } = recorder.timer.time('frontend', 'weights', () =>
    matchParameters(whole, weights, {
      seed: settings.seed,
      isPartial: wanted !== undefined && wanted.train !== 'all',
      alsoKnown: () => (trained ? [] : trainingOnly(model, source)),
    }),
  );
  const inference = passInference(source, settings, recorder);
  const training = wanted && trained && passTraining(model, trained, settings, wanted, recorder);
  const facts = factsOf(model, inference, settings);
  const models = settings.targets.map((target) =>
    compileForTarget(target, { facts, training, data }, settings, choose, recorder),
  );
  return { inference, training, stages: recorder.stages, left, models };
}

function factsOf(model: Model, { before, after }: PassedGraph, settings: Settings): ModelFacts {
  const inputs = inputTypes(model, settings, (found) => {
    throw new Error(`the frontend took what is refused now: ${found}`);
  });
  const outputs = outputTypes(after);
  return {
    name: model.name,
    source: settings.source,
    inputs,
    outputs,
    preprocess: preprocessFor(model, inputs),
    labels: model.labels,
    detection: detectorFor(model, inputs, outputs),
    parameterCount: learnedCount(before),
    graph: after,
  };
}

const outputTypes = (graph: Graph): Record<string, TensorType> =>
  Object.fromEntries(graph.outputs.map(({ name, value }) => [name, nodeOf(graph, value).type]));

/** Running statistics are not counted, as in every paper. */
const learnedCount = (graph: Graph): number =>
  graph.nodes.reduce((sum, node) => {
    const learned = node.op === 'parameter' && node.attrs.role === 'weight';
    return learned ? sum + sizeOf(node.type.shape) : sum;
  }, 0);
