/** Sums over a compiled model, for reports, headers and `info`. */
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import { parameterGradientName } from '../autodiff/trainingGraph.ts';
import { nodeOf, sizeOf } from '../ir/types.ts';
import { runCalls } from '../program/liveness.ts';
import type { Buffer } from '../program/types.ts';
import type { CompiledModel } from './types.ts';

export interface Totals {
  readonly multiplyAdds: number;
  readonly weightBytes: number;
  readonly kernelCalls: number;
}

export function totalsOf({ program }: CompiledModel): Totals {
  const calls = runCalls(program);
  const isWeight = (buffer: Buffer) =>
    buffer.role === 'parameter' || (buffer.role === 'constant' && buffer.data);
  const weights = program.buffers.filter(isWeight);
  return {
    multiplyAdds: calls.reduce((sum, call) => sum + call.multiplyAdds, 0),
    weightBytes: weights.reduce((sum, buffer) => sum + buffer.length * 4, 0),
    kernelCalls: calls.length,
  };
}

export interface TrainingTotals {
  readonly optimizer: OptimizerName;
  readonly arenaBytes: number;
  /** Numbers that are learned. */
  readonly trained: number;
  readonly kernelCalls: number;
}

export function trainingTotals({ training }: CompiledModel): TrainingTotals | undefined {
  if (!training) return undefined;
  const { graph, program, plan, optimizer } = training;
  const gradients = graph.outputs.filter(({ name }) =>
    training.parameters.some((one) => name === parameterGradientName(one.name)),
  );
  return {
    optimizer,
    arenaBytes: plan.arenaBytes,
    trained: gradients.reduce((sum, { value }) => sum + sizeOf(nodeOf(graph, value).type.shape), 0),
    kernelCalls: runCalls(program).length,
  };
}
