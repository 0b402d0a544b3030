/**
 * `weights.safetensors` of a package: every parameter with PyTorch's name and shape, or with fixed weights what `prepare`
 * and the kernels read, in the order in which the target reads it.
 */
import { writeSafetensors, type WritableTensor } from '../frontend/safetensors.ts';
import { weightName } from '../emit/buffers.ts';
import type { CompiledTraining } from '../emit/model.ts';
import { isStored } from '../emit/parameters.ts';
import type { TargetedModel } from '../emit/target.ts';

/** The file of a package: every target has another one, but for packages that train. */
export function weightsFile(model: TargetedModel): Uint8Array {
  const { training, canonical = training, weights, program } = model;
  const name = { format: 'cnnc', model: program.name };
  if (!canonical) return writeSafetensors(constantTensors(model), name);
  return writeSafetensors(parameterTensors(canonical), weights.form === 'moving' ? { format: 'pt' } : name);
}

const parameterTensors = ({
  parameters,
  data,
}: Pick<CompiledTraining, 'parameters' | 'data'>): WritableTensor[] =>
  parameters.filter(isStored).map(({ name, shape }) => ({ name, shape, data: data.get(name)! }));

const constantTensors = ({ program, target }: TargetedModel): WritableTensor[] =>
  target.weightOrder(program).map((buffer) => ({
    name: weightName(buffer),
    shape: [buffer.length],
    data: storable(buffer.data as Float32Array | Int32Array | Uint32Array),
  }));

/** Unsigned numbers are stored as the signed ones with the same bits. */
const storable = (data: Float32Array | Int32Array | Uint32Array): Float32Array | Int32Array =>
  data instanceof Uint32Array ? new Int32Array(data.buffer, data.byteOffset, data.length) : data;
