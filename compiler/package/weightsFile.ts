/**
 * `weights.safetensors` of a package: for inference the program's constants, folded and packed, in the order in
 * which the kernels read them; where it trains, the canonical parameters.
 */
import { writeSafetensors } from '../frontend/safetensors.ts';
import { runConstants, weightName } from '../emit/buffers.ts';
import type { Buffer, Program } from '../program/types.ts';
import type { KnownTarget } from '../targets/index.ts';
import { weightFileOrder as wasmOrder } from '../targets/wasm/memoryLayout.ts';
import { weightFileOrder as webgpuOrder } from '../targets/webgpu/memoryLayout.ts';
import type { CompiledTraining } from './types.ts';

/** Of a package that trains: every parameter as PyTorch has it. */
export function canonicalWeightsFile({ parameters, data }: CompiledTraining): Uint8Array {
  const stored = parameters.filter(({ role }) => role === 'weight' || role === 'buffer');
  return writeSafetensors(
    stored.map(({ name, shape }) => ({ name, shape, data: data.get(name)! })),
    { format: 'pt' },
  );
}

/** In an order that suits how the target reads the file. */
const ORDERS: Readonly<Record<KnownTarget, (program: Program) => Buffer[]>> = {
  typescript: runConstants,
  wasm: wasmOrder,
  webgpu: webgpuOrder,
};

/** Of a package for inference only. */
export function packedWeightsFile(program: Program, target: KnownTarget): Uint8Array {
  const tensors = ORDERS[target](program).map((buffer) => ({
    name: weightName(buffer),
    shape: [buffer.length],
    data: storable(buffer.data as Float32Array | Int32Array | Uint32Array),
  }));
  return writeSafetensors(tensors, { format: 'cnnc', model: program.name });
}

/** Unsigned numbers are stored as the signed ones with the same bits. */
const storable = (data: Float32Array | Int32Array | Uint32Array): Float32Array | Int32Array =>
  data instanceof Uint32Array ? new Int32Array(data.buffer, data.byteOffset, data.length) : data;
