/** Sums over a compiled model, for reports, headers and `info`. */
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import { parameterGradientName } from '../autodiff/trainingGraph.ts';
import { isLeaf } from '../ir/leaves.ts';
import { parameterValues } from '../ir/parameterValues.ts';
import { nodeOf, sizeOf, type Graph } from '../ir/types.ts';
import { runCalls } from '../program/liveness.ts';
import type { Buffer } from '../program/types.ts';
import { drawPlan, type PictureSize } from '../program/picture.ts';
import { programReport, type ProgramReport } from './programReport.ts';
import type { CompiledModel, TradeOff } from '../emit/model.ts';

export interface Totals {
  readonly multiplyAdds: number;
  readonly weightBytes: number;
  readonly kernelCalls: number;
}

export function totalsOf({ program }: CompiledModel): Totals {
  const calls = runCalls(program);
  const isWeight = ({ role, data, publicName }: Buffer): boolean =>
    role === 'parameter' ||
    (role === 'constant' && !!data) ||
    (role === 'staged' && publicName !== undefined);
  const weights = program.buffers.filter(isWeight);
  return {
    multiplyAdds: calls.reduce((sum, call) => sum + call.multiplyAdds, 0),
    weightBytes: weights.reduce((sum, buffer) => sum + buffer.length * 4, 0),
    kernelCalls: calls.length,
  };
}

/** The number of operators that run in every call, in the graph before and after the passes. */
export interface NodeCounts {
  readonly before: number;
  readonly after: number;
}

/** Counts the nodes of a graph without leaves and without those that depend only on parameters. */
export function countNodes(graph: Graph): number {
  const fixed = parameterValues(graph);
  return graph.nodes.filter((node) => !isLeaf(node) && !fixed.has(node.id)).length;
}

export interface TrainingTotals {
  readonly optimizer: OptimizerName;
  readonly arenaBytes: number;
  /** The number of trained parameters. */
  readonly trained: number;
  readonly kernelCalls: number;
  /** The work of a step; with micro-batches, of one micro-batch and the update. */
  readonly multiplyAdds: number;
  readonly nodes: NodeCounts;
  /** The report about a step. */
  readonly report: ProgramReport;
  readonly drawMemory: (size: PictureSize) => string;
  readonly microBatches: number;
  /** Computes the choices between memory and work by computing values twice. */
  readonly tradeOffs: () => readonly TradeOff[];
}

export function trainingTotals({ training }: CompiledModel, nodesBefore: number): TrainingTotals | undefined {
  if (!training) return undefined;
  const { graph, program, plan, optimizer, timeline } = training;
  const calls = runCalls(program, timeline);
  const gradients = graph.outputs.filter(({ name }) =>
    training.parameters.some((one) => name === parameterGradientName(one.name)),
  );
  return {
    optimizer,
    arenaBytes: plan.arenaBytes,
    trained: gradients.reduce((sum, { value }) => sum + sizeOf(nodeOf(graph, value).type.shape), 0),
    kernelCalls: calls.length,
    multiplyAdds: calls.reduce((sum, call) => sum + call.multiplyAdds, 0),
    nodes: { before: nodesBefore, after: countNodes(graph) },
    report: programReport(program, plan, timeline),
    drawMemory: (size) => drawPlan(program, plan, size),
    microBatches: training.microBatches,
    tradeOffs: training.tradeOffs,
  };
}
