/**
 * `weights.safetensors` of a package: for inference the program's constants, folded and packed, in the order in
 * which the kernels read them; where it trains, the canonical parameters.
 */
import { writeSafetensors } from '../frontend/safetensors.ts';
import { weightName } from '../emit/buffers.ts';
import type { Program } from '../program/types.ts';
import type { TargetRecord } from '../emit/target.ts';
import type { CompiledTraining } from '../emit/model.ts';

/** Of a package that trains: every parameter as PyTorch has it. */
export function canonicalWeightsFile({ parameters, data }: CompiledTraining): Uint8Array {
  const stored = parameters.filter(({ role }) => role === 'weight' || role === 'buffer');
  return writeSafetensors(
    stored.map(({ name, shape }) => ({ name, shape, data: data.get(name)! })),
    { format: 'pt' },
  );
}

/** Of a package for inference only, in the order that suits how the target reads the file. */
export function packedWeightsFile(program: Program, { weightOrder }: TargetRecord): Uint8Array {
  const tensors = weightOrder(program).map((buffer) => ({
    name: weightName(buffer),
    shape: [buffer.length],
    data: storable(buffer.data as Float32Array | Int32Array | Uint32Array),
  }));
  return writeSafetensors(tensors, { format: 'cnnc', model: program.name });
}

/** Unsigned numbers are stored as the signed ones with the same bits. */
const storable = (data: Float32Array | Int32Array | Uint32Array): Float32Array | Int32Array =>
  data instanceof Uint32Array ? new Int32Array(data.buffer, data.byteOffset, data.length) : data;
