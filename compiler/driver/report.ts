/** The report of a compile: what the package costs, and what the passes and the memory plan achieved. */
import type { LeftOut } from '../frontend/matchWeights.ts';
import type { TensorType } from '../ir/types.ts';
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
import { drawPlan, type PictureSize } from '../program/picture.ts';
import type { Compiled } from './compileModel.ts';

/** Costs of a package, for its first target. Sizes are in bytes. */
export interface CompileReport extends Totals {
  /** The model's name. */
  readonly name: string;
  /** Name of the model file. */
  readonly source: string;
  /** Types of the inputs by name. */
  readonly inputs: Readonly<Record<string, TensorType>>;
  /** Types of the outputs by name. */
  readonly outputs: Readonly<Record<string, TensorType>>;
  /** Number of learned numbers, without running statistics. */
  readonly parameters: number;
  /** Bytes of the arena, which holds all activations of a call. */
  readonly arenaBytes: number;
  /** Nodes before and after the passes, without those that run only once. */
  readonly nodes: NodeCounts;
  /** The network's layers as its author wrote them. */
  readonly layers: readonly LayerRow[];
  /** The kernel calls and buffers of inference. */
  readonly report: ProgramReport;
  /** Draws the memory plan as text. */
  readonly drawMemory: (size: PictureSize) => string;
  /** Totals of the training program, if there is one. */
  readonly training?: TrainingTotals;
  /** Tensors of the weight file and parameters of the model that have no match. */
  readonly left: readonly LeftOut[];
}

export function reportOf({ inference, training, models, left }: Compiled): CompileReport {
  const [first] = models;
  const { name, source, inputs, outputs, parameterCount, program, plan } = first!;
  return {
    ...{ name, source, inputs, outputs, parameters: parameterCount, arenaBytes: plan.arenaBytes },
    ...totalsOf(first!),
    nodes: { before: countNodes(inference.before), after: countNodes(inference.after) },
    layers: layerTable(inference.before),
    report: programReport(program, plan),
    drawMemory: (size) => drawPlan(program, plan, size),
    training: trainingTotals(first!, training ? countNodes(training.before) : 0),
    left,
  };
}
