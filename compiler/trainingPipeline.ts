/**
 * The training half of a compile: model -> forward graph in training mode -> joint graph with loss, gradients
 * and updates -> passes -> program of phases -> memory plan.
 */
import { optimizers } from './autodiff/optimizers/index.ts';
import type { OptimizerName } from './autodiff/optimizers/types.ts';
import { trainingPhases } from './autodiff/phases.ts';
import { selectTrained } from './autodiff/selection.ts';
import { trainingGraph } from './autodiff/trainingGraph.ts';
import { buildGraph } from './frontend/buildGraph.ts';
import type { Model } from './frontend/model.ts';
import type { Graph, Node } from './ir/types.ts';
import { lower } from './lowering/lower.ts';
import type { Target } from './lowering/target.ts';
import { foldBatchNorm } from './passes/foldBatchNorm.ts';
import { foldConstants } from './passes/foldConstants.ts';
import { fuse } from './passes/fuse.ts';
import { shareSubexpressions } from './passes/shareSubexpressions.ts';
import { simplify } from './passes/simplify.ts';
import { removeDeadNodes } from './passes/removeDeadNodes.ts';
import type { Pass } from './passes/types.ts';
import type { CompileOptions, Stage } from './pipeline.ts';
import type { Program } from './program/types.ts';
import type { PackageParameter } from './targets/typescript/parametersModule.ts';

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
}

/** In order, each with the reason for its place. */
export const TRAINING_PASSES: readonly Pass[] = [
  removeDeadNodes, // first: gradients that nobody asked for
  foldConstants, // the loss starts from the constant 1
  simplify, // factors of 1, among others
  shareSubexpressions, // gradients recompute what the forward pass has
  foldBatchNorm, // only where statistics and weights are frozen
  removeDeadNodes, // what the two have replaced
  fuse, // last: later passes need not look into bodies
];

export interface TrainingProgram {
  readonly graph: Graph;
  readonly program: Program;
  readonly optimizer: OptimizerName;
  readonly parameters: readonly PackageParameter[];
}

/** `weights` are the names of all learnable weights, in the network's order. */
export function compileTrainingProgram(
  model: Model,
  options: CompileOptions,
  training: TrainOptions,
  weights: readonly string[],
  target: Target,
  runPasses: (graph: Graph, passes: readonly Pass[], onStage?: (stage: Stage) => void) => Graph,
): TrainingProgram {
  const { batch, inputs } = options;
  const { train = 'all', isTrained = selectTrained(train, weights), decays, clips } = training;
  const learnsNothing = (path: string): boolean => !isTrained(`${path}.weight`) && !isTrained(`${path}.bias`);
  const { frozen = learnsNothing, inputGradients = weights.every(isTrained) } = training;
  const forward = buildGraph(model, { training: true, batch, inputs, frozen });
  const optimizer = optimizers[training.optimizer];
  const joint = trainingGraph(forward, { optimizer, isTrained, decays, clips, inputGradients });
  const graph = runPasses(joint, TRAINING_PASSES, ({ name, graph: stage }) =>
    options.onStage?.({ name: `training-${name}`, graph: stage }),
  );
  const program = lower(graph, target, trainingPhases(graph));
  return { graph, program, optimizer: training.optimizer, parameters: parametersIn(joint) };
}

function parametersIn(graph: Graph): PackageParameter[] {
  const parameters = graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');
  return parameters.map(({ attrs }) => ({ name: attrs.name, shape: attrs.type.shape, role: attrs.role }));
}
