/**
 * onnxruntime, where it is installed: it is no dependency of the project. Otherwise a test that needs it
 * is skipped, and says how to install it.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { sizeOf, type DType, type TensorType } from '../../compiler/ir/types.ts';

const peers = fileURLToPath(new URL('../bench/peers/', import.meta.url));
const isInstalled = existsSync(`${peers}node_modules/onnxruntime-node`);

type Numbers = ArrayLike<number>;

interface RuntimeTensor {
  readonly data: Numbers;
}

interface Runtime {
  readonly Tensor: new (type: string, data: Numbers, shape: readonly number[]) => RuntimeTensor;
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{
      run(feeds: Readonly<Record<string, RuntimeTensor>>): Promise<Readonly<Record<string, RuntimeTensor>>>;
      release(): Promise<void>;
    }>;
  };
}

const TYPES: Readonly<Record<DType, string>> = { f32: 'float32', i32: 'int32', u32: 'uint32' };
const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

export interface Feed extends TensorType {
  readonly data: Numbers;
}

/** All outputs of a model by name. */
export async function runInOnnxruntime(
  model: Uint8Array,
  feeds: Readonly<Record<string, Feed>>,
): Promise<Readonly<Record<string, Numbers>>> {
  const { Tensor, InferenceSession } = createRequire(peers)('onnxruntime-node') as Runtime;
  const session = await InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 2 });
  const tensors = Object.entries(feeds).map(([name, { dtype, shape, data }]) => {
    if (data.length !== sizeOf(shape))
      throw new Error(`${name} needs ${sizeOf(shape)} numbers, got ${data.length}`);
    return [name, new Tensor(TYPES[dtype], ARRAYS[dtype].from(data), shape)] as const;
  });
  const outputs = await session.run(Object.fromEntries(tensors));
  const results = Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
  await session.release();
  return results;
}

export function describeWithOnnxruntime(name: string, body: () => void): void {
  if (isInstalled) describe(name, body);
  else describe(name, () => it.skip('needs onnxruntime: npm ci --ignore-scripts --prefix test/bench/peers'));
}
