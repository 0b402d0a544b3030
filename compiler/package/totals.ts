/** Sums over a compiled model, for reports, headers and `info`. */
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
