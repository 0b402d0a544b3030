/**
 * The training half of a compile: model -> forward graph in training mode -> joint graph with loss, gradients
 * and updates -> passes -> program of phases -> memory plan.
 */
import { optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import { trainingPhases } from '../autodiff/phases.ts';
import { selectTrained } from '../autodiff/selection.ts';
import { recompute } from '../autodiff/recompute/recompute.ts';
import { isGradientName, trainingGraph } from '../autodiff/trainingGraph.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { buildGraph, inputTypes, targetTypes, type ShapeOptions } from '../frontend/buildGraph.ts';
import type { Model } from '../frontend/model.ts';
import { isParameter } from '../ir/leaves.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { lower } from '../lowering/lower.ts';
import { fitMemory, tradeOffs, type Attempt, type TryOut } from './memoryBudget.ts';
import type { Target } from '../lowering/target.ts';
import { expandBatchNorm } from '../passes/expandBatchNorm.ts';
import { foldConstants } from '../passes/foldConstants.ts';
import { foldPad } from '../passes/foldPad.ts';
import { foldScale } from '../passes/foldScale.ts';
import { foldScaleAhead } from '../passes/foldScaleAhead.ts';
import { fuse } from '../passes/fuse.ts';
import { shareSubexpressions } from '../passes/shareSubexpressions.ts';
import { simplify } from '../passes/simplify.ts';
import { sinkScale } from '../passes/sinkScale.ts';
import { orderForMemoryIn } from '../passes/orderForMemory.ts';
import { removeDeadNodes } from '../passes/removeDeadNodes.ts';
import type { Pass } from '../passes/types.ts';
import type { CompileOptions, Stage } from './pipeline.ts';
import { runCalls } from '../program/liveness.ts';
import { planMemory, type MemoryPlan, type PlanOptions } from '../program/memoryPlan.ts';
import { withStep } from '../program/step.ts';
import {
  HALVES,
  MICRO_BATCHED_STEP,
  TRAIN_STEP,
  type Buffer,
  type Program,
  type Timeline,
} from '../program/types.ts';
import type { PackageParameter } from '../emit/parameters.ts';

export interface TrainOptions {
  readonly optimizer: OptimizerName;
  /** Which weights are learned: `all` (default), `head`, `last:N`, `bias`, names such as `layer4.*`. */
  readonly train?: string;
  /** The same by a function of the name; wins over `train`. */
  readonly isTrained?: (name: string) => boolean;
  /** Which of them weight decay shrinks; default: those of rank 2 and more (no biases, no norms). */
  readonly decays?: (name: string, shape: readonly number[]) => boolean;
  /**
   * Batch norms, by their layer's path, that keep their running statistics; default: those that learn
   * nothing.
   */
  readonly frozen?: (path: string) => boolean;
  /** Whether steps clip the gradients' global norm. */
  readonly clips?: boolean;
  /**
   * Whether `backward` gives the gradients of the inputs too. Default: when all weights are learned; a
   * selection would have to run and remember the whole network for it.
   */
  readonly inputGradients?: boolean;
  /** Splits every batch into so many, one behind the other, whose gradients are averaged. Default 1. */
  readonly microBatches?: number;
  /** The most bytes that the arena of a training step may have; what does not fit is computed again. */
  readonly maxMemory?: number;
}

/** In order, each with the reason for its place. */
export const TRAINING_PASSES: readonly Pass[] = [
  removeDeadNodes, // first: gradients that nobody asked for
  foldConstants, // the loss starts from the constant 1
  simplify, // factors of 1, among others
  removeDeadNodes, // what that has replaced: the next passes count readers
  shareSubexpressions, // gradients recompute what the forward pass has
  foldPad, // after simplifying; here and below as for inference
  expandBatchNorm, // only where statistics and weights are frozen
  foldScale, // behind it
  sinkScale, // after foldScale
  foldScaleAhead, // after sinkScale
];

/** Updates, and what only their callers ask for, do not hold the peak: `step` puts them where they can run. */
function turns(graph: Graph): (node: Node) => number | undefined {
  const phaseOf = trainingPhases(graph);
  const counted = ['forward', 'loss', 'backward'];
  return (node) => {
    const turn = counted.indexOf(phaseOf(node));
    return turn < 0 ? undefined : turn;
  };
}

/** Behind them stands `recompute`, where memory is short: shared subexpressions would undo it. */
export const TRAINING_FUSION: readonly Pass[] = [
  fuse, // later passes do not look into bodies
  orderForMemoryIn({ turns, isKept: (output) => !isGradientName(output) }), // last, as for inference
];

export interface TrainingProgram {
  readonly graph: Graph;
  readonly program: Program;
  /** Of a whole step. */
  readonly plan: MemoryPlan;
  /** Of its halves, which keep every gradient. */
  readonly halves: MemoryPlan;
  readonly optimizer: OptimizerName;
  readonly microBatches: number;
  readonly timeline: Timeline;
  /** What computing values twice would trade; tries it out, which takes a while. */
  readonly tradeOffs: () => readonly Attempt[];
  readonly parameters: readonly PackageParameter[];
}

type RunPasses = (graph: Graph, passes: readonly Pass[], onStage?: (stage: Stage) => void) => Graph;

/** `weights` are the names of all learnable weights, in the network's order. */
export function compileTrainingProgram(
  model: Model,
  options: CompileOptions,
  training: TrainOptions,
  weights: readonly string[],
  target: Target,
  runPasses: RunPasses,
): TrainingProgram {
  const {
    train = 'all',
    isTrained = selectTrained(train, weights),
    decays,
    clips,
    microBatches = 1,
  } = training;
  const learnsNothing = (path: string): boolean => !isTrained(`${path}.weight`) && !isTrained(`${path}.bias`);
  const { frozen = learnsNothing, inputGradients = weights.every(isTrained) } = training;
  const forward = buildGraph(model, { training: true, ...microBatch(model, options, microBatches), frozen });
  const optimizer = optimizers[training.optimizer];
  const joint = trainingGraph(forward, { optimizer, isTrained, decays, clips, inputGradients, microBatches });
  const timeline = microBatches > 1 ? MICRO_BATCHED_STEP : TRAIN_STEP;
  const planOf = (graph: Graph, isQuick = false): PlannedStep =>
    planStep(graph, target, { timeline, isQuick });
  const again = (): Recomputation => recomputation(joint, timeline, planOf, runPasses);
  const { maxMemory } = training;
  const toFit = maxMemory === undefined ? [] : passesToFit(again(), maxMemory);
  const graph = runPasses(
    joint,
    [...TRAINING_PASSES, ...toFit, ...TRAINING_FUSION],
    ({ name, graph: stage }) => options.onStage?.({ name: `training-${name}`, graph: stage }),
  );
  const step = planOf(graph);
  const halves = planMemory(step.program, { timeline: HALVES, alignment: target.alignment });
  const { optimizer: optimizerName } = training;
  return {
    ...{ graph, ...step, halves, optimizer: optimizerName, microBatches, timeline },
    parameters: parametersIn(joint),
    tradeOffs() {
      const { whole, isForward, tryOut } = again();
      return tradeOffs(whole, isForward, tryOut);
    },
  };
}

/** Shapes of one micro-batch. */
function microBatch(model: Model, { batch, inputs }: CompileOptions, count: number): ShapeOptions {
  if (count === 1) return { batch, inputs };
  const refuse = (found: string): never => fail('--micro-batches', { path: model.name }, found);
  const whole = inputTypes(model, { batch, inputs }, refuse);
  const targets = targetTypes(model, whole, { batch, inputs }, refuse);
  const shapes = Object.entries({ ...whole, ...targets }).map(([name, { shape }]) => {
    const [images = 1, ...rest] = shape;
    if (images % count !== 0) refuse(`the batch of ${images} cannot be split into ${count} equal ones`);
    return [name, [images / count, ...rest]] as const;
  });
  return { inputs: Object.fromEntries(shapes) };
}

interface PlannedStep {
  readonly program: Program;
  readonly plan: MemoryPlan;
}

/** A step keeps what it returns, and no gradients. */
function planStep(graph: Graph, target: Target, options: PlanOptions): PlannedStep {
  const program = withStep(lower(graph, target, { phaseOf: trainingPhases(graph) }));
  const isKept = ({ publicName = '' }: Buffer): boolean => !isGradientName(publicName);
  return { program, plan: planMemory(program, { ...options, isKept, alignment: target.alignment }) };
}

/** The step before anything is computed twice, and what is tried out on it. */
interface Recomputation {
  readonly whole: Graph;
  readonly isForward: (node: Node) => boolean;
  readonly passFor: (dropped: ReadonlySet<ValueId>) => Pass;
  readonly tryOut: TryOut;
}

function recomputation(
  joint: Graph,
  timeline: Timeline,
  planOf: (graph: Graph, isQuick: boolean) => PlannedStep,
  runPasses: RunPasses,
): Recomputation {
  const whole = runPasses(joint, TRAINING_PASSES);
  const phaseOf = trainingPhases(whole);
  const isForward = (node: Node): boolean => phaseOf(node) === 'forward' || phaseOf(node) === 'loss';
  const passFor = (dropped: ReadonlySet<ValueId>): Pass => ({
    name: 'recompute',
    run: (graph) => recompute(graph, dropped, isForward),
  });
  const tryOut: TryOut = (dropped) => {
    const graph = runPasses(whole, [passFor(dropped), ...TRAINING_FUSION]);
    const { program, plan } = planOf(graph, dropped.size > 0);
    const multiplyAdds = runCalls(program, timeline).reduce((sum, call) => sum + call.multiplyAdds, 0);
    return { dropped, multiplyAdds, arenaBytes: plan.arenaBytes };
  };
  return { whole, isForward, passFor, tryOut };
}

/** The pass that makes the step fit, if it needs one. */
function passesToFit({ whole, isForward, passFor, tryOut }: Recomputation, bytes: number): Pass[] {
  const found = fitMemory(whole, isForward, { bytes, name: whole.name }, tryOut);
  return found.dropped.size === 0 ? [] : [passFor(found.dropped)];
}

function parametersIn(graph: Graph): PackageParameter[] {
  return graph.nodes
    .filter(isParameter)
    .map(({ attrs }) => ({ name: attrs.name, shape: attrs.type.shape, role: attrs.role }));
}
