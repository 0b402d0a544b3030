/**
 * The whole compile, top to bottom: model -> graph -> passes -> program -> memory plan -> package.
 */
import { hyperparameterOf } from '../autodiff/trainingGraph.ts';
import { Diagnostic, fail } from '../diagnostics/diagnostic.ts';
import { buildGraph, inputTypes } from '../frontend/buildGraph.ts';
import { initializeParameters } from '../frontend/initialize.ts';
import { preprocessFor, type Model } from '../frontend/model.ts';
import { isInput, isLearned, isParameter } from '../ir/leaves.ts';
import { printGraph } from '../ir/printer.ts';
import { nodeOf, sizeOf, type Graph, type TensorType } from '../ir/types.ts';
import { verifyGraph } from '../ir/verifier.ts';
import { lower } from '../lowering/lower.ts';
import { infer } from '../ops/infer.ts';
import { packageFiles } from '../package/files.ts';
import type { CompiledModel, PackageFiles, PackageOptions } from '../package/types.ts';
import { bandRows } from '../passes/bandRows.ts';
import { expandBatchNorm } from '../passes/expandBatchNorm.ts';
import { foldConstants } from '../passes/foldConstants.ts';
import { foldPad } from '../passes/foldPad.ts';
import { foldScale } from '../passes/foldScale.ts';
import { foldScaleAhead } from '../passes/foldScaleAhead.ts';
import { fuse } from '../passes/fuse.ts';
import { shareSubexpressions } from '../passes/shareSubexpressions.ts';
import { simplify } from '../passes/simplify.ts';
import { sinkScale } from '../passes/sinkScale.ts';
import { orderForMemory } from '../passes/orderForMemory.ts';
import { removeDeadNodes } from '../passes/removeDeadNodes.ts';
import type { Pass } from '../passes/types.ts';
import { deduplicateKernels } from '../program/deduplicate.ts';
import { bake, type ParameterData } from '../program/bake.ts';
import { planMemory } from '../program/memoryPlan.ts';
import { compileTrainingProgram, type TrainOptions } from './trainingPipeline.ts';
import { createTarget, targetNames, type KnownTarget, type TargetOptions } from '../targets/index.ts';

/** In order, each with the reason for its place. */
export const INFERENCE_PASSES: readonly Pass[] = [
  removeDeadNodes, // first: what nobody reads must not keep a convolution from having one reader
  foldConstants, // before everything that looks at operands
  simplify, // before fusing: what changes nothing must not stand between two nodes
  removeDeadNodes, // what that has replaced: the next passes count readers
  shareSubexpressions, // after simplifying: more is equal then
  foldPad, // after simplifying: two pads are one by then; before fusing: a convolution does it for nothing
  expandBatchNorm, // after sharing; what is left of a batch norm is two pointwise nodes, whatever stands around it
  foldScale, // behind it: a layer takes what follows before it could be offered to the next
  sinkScale, // after foldScale: what no layer has taken goes where there are fewer elements
  foldScaleAhead, // after sinkScale: it brings numbers to the linear layer behind a pool or flatten
  fuse, // what is left joins its producer as an epilogue; later passes do not look into bodies
  bandRows, // behind fuse: what is still a value of its own may be one band after the other
  orderForMemory, // last: what runs, and what needs memory, is settled
];

export interface CompileOptions {
  /** The model file as the user named it. */
  readonly source: string;
  readonly batch?: number;
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** Canonical parameters by name; what is not among them is initialized from the seed. */
  readonly weights?: (
    expected: readonly ExpectedWeight[],
    alsoKnown: () => readonly string[],
  ) => ParameterData;
  /** Default 1. */
  readonly seed?: number;
  /** Default: the first of the table. `compileModel` compiles for the first, packages have all. */
  readonly targets?: readonly KnownTarget[];
  /** No convolution by an algorithm that adds rounding errors, as Winograd's does. */
  readonly exact?: boolean;
  /** The wasm target's ways of convolutions, where they are not left to its cost model. */
  readonly choose?: TargetOptions['choose'];
  /** The package trains as well. */
  readonly training?: TrainOptions;
  /** Called with the graph as it comes in and after every pass. */
  readonly onStage?: (stage: Stage) => void;
}

export interface ExpectedWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Stage {
  /** `00-model`, `07-expandBatchNorm`. */
  readonly name: string;
  readonly graph: Graph;
}

export function runPasses(
  graph: Graph,
  passes: readonly Pass[],
  onStage: (stage: Stage) => void = () => {},
): Graph {
  let current = verifyGraph(graph, infer, 'the frontend');
  onStage({ name: '00-model', graph: current });
  passes.forEach((pass, i) => {
    current = verifyGraph(pass.run(current), infer, pass.name);
    onStage({ name: `${String(i + 1).padStart(2, '0')}-${pass.name}`, graph: current });
  });
  return current;
}

/** Every parameter of a graph, in order. */
export function parametersOf(graph: Graph): ExpectedWeight[] {
  return graph.nodes.flatMap((node) =>
    isParameter(node) ? [{ name: node.attrs.name, shape: node.type.shape }] : [],
  );
}

export function compileModel(model: Model, options: CompileOptions): CompiledModel {
  const source = buildGraph(model, { training: false, batch: options.batch, inputs: options.inputs });
  const graph = runPasses(source, INFERENCE_PASSES, options.onStage);
  // In training a net may have more of them: auxiliary heads.
  const whole = options.training
    ? buildGraph(model, { training: true, batch: options.batch, inputs: options.inputs })
    : source;
  const data = parameterData(whole, options, () => trainingOnly(model, source));
  const [targetName = targetNames[0]!] = options.targets ?? [];
  const { exact, choose } = options;
  const target = createTarget(targetName, { precision: exact ? 'exact' : 'fast', choose });
  const trainingTarget = createTarget(targetName, {
    precision: exact ? 'exact' : 'training',
    choose,
  });
  const inputs = inputTypes(model, options, () => undefined as never);
  const facts = {
    name: model.name,
    target: targetName,
    source: options.source,
    inputs,
    outputs: outputTypes(graph),
    preprocess: preprocessFor(model, inputs),
    labels: model.labels,
    parameterCount: learnedCount(source),
    graph,
  };
  const inference = lower(graph, target);
  if (!options.training) {
    const [program] = deduplicateKernels([bake(inference, data)]);
    return { ...facts, program: program!, plan: planMemory(program!, target) };
  }
  checkOutputs(model, source, whole);
  const { program: steps, ...trained } = compileTrainingProgram(
    model,
    options,
    options.training,
    weightsOf(whole),
    trainingTarget,
    runPasses,
  );
  const [program, training] = deduplicateKernels([inference, steps]);
  return {
    ...facts,
    program: program!,
    plan: planMemory(program!, target),
    training: {
      ...trained,
      program: training!,
      targets: targetTypes(trained.graph, Object.keys(inputs)),
      data,
    },
  };
}

/** What the weight file has; the rest, or all without a file, from the seed. */
function parameterData(
  graph: Graph,
  { weights, seed = 1 }: CompileOptions,
  alsoKnown: () => readonly string[],
): ParameterData {
  const given = weights?.(parametersOf(graph), alsoKnown) ?? new Map<string, Float32Array>();
  const isComplete = parametersOf(graph).every(({ name }) => given.has(name));
  return isComplete ? given : new Map([...initializeParameters(graph, seed), ...given]);
}

/** A step returns what inference does, and maybe more. */
function checkOutputs(model: Model, inference: Graph, training: Graph): void {
  const names = training.outputs.map(({ name }) => name);
  const missing = inference.outputs.find(({ name }) => !names.includes(name));
  if (!missing) return;
  fail('model', { path: model.name, ...model.place }, `in training it has no output ${missing.name}`, [
    `it has ${names.filter((name) => name !== 'loss').join(', ')}; a step returns what inference returns`,
  ]);
}

/** What a weight file may have of auxiliary heads, though nobody asks for them. */
function trainingOnly(model: Model, source: Graph): readonly string[] {
  const known = new Set(parametersOf(source).map(({ name }) => name));
  try {
    const names = parametersOf(buildGraph(model, { training: true })).map(({ name }) => name);
    return names.filter((name) => !known.has(name));
  } catch (error) {
    // A model that has no loss cannot be trained; that is no reason not to use it.
    if (error instanceof Diagnostic) return [];
    throw error;
  }
}

/** Names of what can be learned, in the network's order. */
const weightsOf = (graph: Graph): string[] => graph.nodes.filter(isLearned).map(({ attrs }) => attrs.name);

const outputTypes = (graph: Graph): Record<string, TensorType> =>
  Object.fromEntries(graph.outputs.map(({ name, value }) => [name, nodeOf(graph, value).type]));

/** Inputs that are neither the network's nor the trainer's own (hyperparameters, the seed): for the loss. */
function targetTypes(graph: Graph, inputs: readonly string[]): Record<string, TensorType> {
  const own = graph.nodes.flatMap((node) => {
    if (!isInput(node) || inputs.includes(node.attrs.name)) return [];
    const { name } = node.attrs;
    const isFed = hyperparameterOf(name) !== undefined || name === 'seed';
    return isFed ? [] : [[node.attrs.name, node.type] as const];
  });
  return Object.fromEntries(own);
}

/** Running statistics are not counted, as in every paper. */
const learnedCount = (graph: Graph): number =>
  graph.nodes.filter(isLearned).reduce((sum, { type }) => sum + sizeOf(type.shape), 0);

export interface CompiledPackage {
  /** For the first of the targets. */
  readonly model: CompiledModel;
  readonly files: PackageFiles;
}

export async function compileToPackage(
  model: Model,
  options: CompileOptions & PackageOptions,
): Promise<CompiledPackage> {
  const [first, ...others] = options.targets ?? targetNames.slice(0, 1);
  const weights = options.weights && once(options.weights);
  const compiled = compileModel(model, { ...options, weights, targets: [first!] });
  // Their graphs go the same way: it is shown once.
  const more = others.map((target) =>
    compileModel(model, { ...options, weights, targets: [target], onStage: undefined }),
  );
  return { model: compiled, files: await packageFiles([compiled, ...more], options) };
}

/** Weights are read, and what does not fit is told, once for all targets. */
function once<Arguments extends readonly unknown[], Result>(
  compute: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let known: { readonly result: Result } | undefined;
  return (...given) => (known ??= { result: compute(...given) }).result;
}

export { printGraph };
