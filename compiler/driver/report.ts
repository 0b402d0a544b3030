/** What a compile says of its package: what it costs, how the passes and the memory plan did. */
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

/** Of the first target; sizes in bytes. */
export interface CompileReport extends Totals {
  readonly name: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  /** Learned numbers; running statistics are not counted. */
  readonly parameters: number;
  readonly arenaBytes: number;
  readonly nodes: NodeCounts;
  /** The network as its author wrote it. */
  readonly layers: readonly LayerRow[];
  /** What inference runs and holds. */
  readonly report: ProgramReport;
  /** The memory plan as text. */
  readonly drawMemory: (size: PictureSize) => string;
  /** The training program, where there is one. */
  readonly training?: TrainingTotals;
  /** What of the weight file, or of the model, found no partner. */
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
