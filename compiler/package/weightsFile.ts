/**
 * `weights.safetensors` of a package: the parameters as the model has them, or with fixed weights the program's constants,
 * folded and packed, in the order that the target wants.
 */
import { writeSafetensors } from '../frontend/safetensors.ts';
import { weightName } from '../emit/buffers.ts';
import type { Program } from '../program/types.ts';
import type { TargetRecord } from '../emit/target.ts';
import type { CompiledTraining } from '../emit/model.ts';

/** The file of a package that folds and packs the weights itself: every parameter with PyTorch's name and shape. */
export function canonicalWeightsFile({
  parameters,
  data,
}: Pick<CompiledTraining, 'parameters' | 'data'>): Uint8Array {
  const stored = parameters.filter(({ role }) => role === 'weight' || role === 'buffer');
  return writeSafetensors(
    stored.map(({ name, shape }) => ({ name, shape, data: data.get(name)! })),
    { format: 'pt' },
  );
}

/** The file of a package for inference only. */
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
