/**
 * `weights.safetensors` of a package: for inference the program's constants, folded and packed, in the order in
 * which the kernels read them; where it trains, the canonical parameters.
 */
import { writeSafetensors } from '../frontend/safetensors.ts';
import { runCalls } from '../program/liveness.ts';
import type { Program } from '../program/types.ts';
import type { CompiledTraining } from './types.ts';
import { weightName } from '../targets/typescript/memoryModule.ts';

/** Of a package that trains: every parameter as PyTorch has it. */
export function canonicalWeightsFile({ parameters, data }: CompiledTraining): Uint8Array {
  const stored = parameters.filter(({ role }) => role === 'weight' || role === 'buffer');
  return writeSafetensors(
    stored.map(({ name, shape }) => ({ name, shape, data: data.get(name)! })),
    { format: 'pt' },
  );
}

/** Of a package for inference only. */
export function packedWeightsFile(program: Program): Uint8Array {
  const order = [...new Set(runCalls(program).flatMap((call) => call.args))];
  const tensors = order
    .map((id) => program.buffers[id]!)
    .filter((buffer) => buffer.role === 'constant')
    .map((buffer) => ({
      name: weightName(buffer),
      shape: [buffer.length],
      data: buffer.data as Float32Array,
    }));
  return writeSafetensors(tensors, { format: 'cnnc', model: program.name });
}
