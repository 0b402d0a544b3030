/** `weights.safetensors` of a package: the program's constants in the order in which the kernels read them. */
import { writeSafetensors } from '../frontend/safetensors.ts';
import { runCalls } from '../program/liveness.ts';
import type { Program } from '../program/types.ts';
import { weightName } from '../targets/typescript/module.ts';

export function weightsFile(program: Program): Uint8Array {
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
