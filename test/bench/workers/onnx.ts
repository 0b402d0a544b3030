/** What onnxruntime-web and onnxruntime-node have in common, as far as it is used here. */
import type { Host, Session } from './job.ts';
import { readFloats } from './numbers.ts';

export interface OrtTensor {
  readonly data: Float32Array;
}

export interface Ort {
  readonly env: { readonly wasm: { numThreads: number; wasmPaths: string } };
  readonly Tensor: new (type: string, data: Float32Array, shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(
      model: string | Uint8Array,
      options: object,
    ): Promise<{
      run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
    }>;
  };
}

/** One thread, one operation after the other. */
const OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

export async function ortSession(
  ort: Ort,
  model: string | Uint8Array,
  files: Readonly<Record<string, string>>,
  options: object,
  host: Host,
): Promise<Session> {
  const session = await ort.InferenceSession.create(model, { ...OPTIONS, ...options });
  const shape = files['shape']!.split('x').map(Number);
  const image = new ort.Tensor('float32', await readFloats(host, files['image']!), shape);
  return { run: async () => (await session.run({ image }))['logits']!.data };
}
