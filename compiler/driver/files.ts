/** Opens the files that the options of a compile name; the compile itself reads and writes none. */
import { readWeightBytes, readWeights } from '../frontend/weightFile.ts';
import { openTuning, type Tuning } from '../targets/wasm/tuning/file.ts';
import type { FileOptions } from './options.ts';
import type { WeightFile, WeightSource } from './weights.ts';

export interface OpenedFiles {
  readonly weights?: WeightSource;
  /** `save` writes what was measured. */
  readonly tuning?: Tuning;
}

export const openFiles = ({ weights, tune }: FileOptions): OpenedFiles => ({
  weights: weights === undefined || typeof weights === 'function' ? weights : openWeights(weights),
  tuning: tune === undefined ? undefined : openTuning(tune),
});

/** A file's tensors, by its path or its bytes. */
export function openWeights(from: string | Uint8Array): WeightFile {
  const name = typeof from === 'string' ? from : 'weights';
  const bytes = typeof from === 'string' ? readWeightBytes('weights', from) : from;
  return { name, file: readWeights(bytes, name) };
}
