/** What `cnnc compile` is given: a model file, or an ONNX file, which brings its weights along. */
import { loadModel } from '../frontend/loadModel.ts';
import type { Model } from '../frontend/model.ts';
import type { Shapes } from './arguments.ts';

interface SourceFlags {
  readonly input?: Shapes;
  readonly weights?: string | Uint8Array;
  readonly seed?: number;
}

export interface Source<F> {
  readonly model: Model;
  /** Those that are left to the compiler: an ONNX file's shapes are settled, its weights found. */
  readonly flags: F;
}

export async function loadSource<F extends SourceFlags>(file: string, flags: F): Promise<Source<F>> {
  if (!/\.onnx$/i.test(file)) return { model: await loadModel(file), flags };
  const { importOnnx } = await import('../importers/onnx/importOnnx.ts');
  const { model, weights } = importOnnx(file, { inputs: flags.input });
  const own = flags.weights === undefined && flags.seed === undefined;
  return { model, flags: { ...flags, input: undefined, weights: own ? weights : flags.weights } };
}
