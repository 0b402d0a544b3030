/** The report of a compile: what the package costs, and what the passes and the memory plan achieved. */
import { parameterSize } from '../emit/parameters.ts';
import type { TargetedModel } from '../emit/target.ts';
import { namedBatches } from '../emit/batches.ts';
import { arenaBytesOf } from '../emit/model.ts';
import type { LeftOut } from '../frontend/matchWeights.ts';
import type { Graph, TensorType } from '../ir/types.ts';
import { layerTable, type LayerRow } from '../package/layerTable.ts';
import { programReport, type ProgramReport } from '../package/programReport.ts';
import {
  countNodes,
  totalsOf,
  trainingTotals,
  type NodeCounts,
  type Totals,
  type TrainingTotals,
} from '../package/totals.ts';
import { BYTES_PER_ELEMENT } from '../program/bytes.ts';
import { drawPlan, type PictureSize } from '../program/picture.ts';
import type { Compiled } from './compileModel.ts';
import { parametersIn } from './parameters.ts';

/** What one target of a package costs. Sizes are in bytes. */
export interface TargetReport extends Totals {
  /** Name of the target. */
  readonly target: string;
  /** Bytes of the arena, which holds all activations of a call. Programs for several batches share it. */
  readonly arenaBytes: number;
  /** The kernel calls and buffers of inference; with several batches, of the smallest. */
  readonly report: ProgramReport;
  /** Draws the memory plan as text. */
  readonly drawMemory: (size: PictureSize) => string;
  /** Totals of the training program, if there is one. */
  readonly training?: TrainingTotals;
}

/** Costs of a package. The fields of `TargetReport` are those of its first target. */
export interface CompileReport extends Omit<TargetReport, 'target'> {
  /** The model's name. */
  readonly name: string;
  /** Name of the model file. */
  readonly source: string;
  /** Types of the inputs by name. */
  readonly inputs: Readonly<Record<string, TensorType>>;
  /** Types of the outputs by name. */
  readonly outputs: Readonly<Record<string, TensorType>>;
  /** The batches whose programs share the weights, if `forward` takes any number of images. */
  readonly batches?: readonly number[];
  /** Number of learned numbers, without running statistics. */
  readonly parameters: number;
  /** Bytes of the model's own weights and running statistics. */
  readonly ownWeightBytes: number;
  /** Nodes before and after the passes, without those that run only once. */
  readonly nodes: NodeCounts;
  /** The network's layers as its author wrote them. */
  readonly layers: readonly LayerRow[];
  /** Costs of every target, in the order in which they were asked for. */
  readonly targets: readonly TargetReport[];
  /** Tensors of the weight file and parameters of the model that have no match. */
  readonly left: readonly LeftOut[];
}

export function reportOf({ inference, training, models, left }: Compiled): CompileReport {
  const [first] = models;
  const { name, source, inputs, outputs, parameterCount } = first!;
  const before = training ? countNodes(training.before) : 0;
  const targets = models.map((model) => targetReport(model, before));
  const { target: _target, ...ofFirst } = targets[0]!;
  return {
    ...{ name, source, inputs, outputs, parameters: parameterCount },
    ...(first!.batches && { batches: namedBatches(first!).map(({ images }) => images) }),
    ...ofFirst,
    ownWeightBytes: parameterBytes(inference.before),
    nodes: { before: countNodes(inference.before), after: countNodes(inference.after) },
    layers: layerTable(inference.before),
    targets,
    left,
  };
}

const parameterBytes = (graph: Graph): number =>
  parametersIn(graph).reduce((sum, one) => sum + parameterSize(one) * BYTES_PER_ELEMENT, 0);

function targetReport(model: TargetedModel, trainingNodes: number): TargetReport {
  const { target, program, plan } = model;
  return {
    target: target.name,
    arenaBytes: arenaBytesOf(model),
    ...totalsOf(model),
    report: programReport(program, plan),
    drawMemory: (size) => drawPlan(program, plan, size),
    training: trainingTotals(model, trainingNodes),
  };
}
