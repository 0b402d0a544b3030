/** Opens the files that the options of a compile name; the compile itself reads and writes none. */
import { readWeights } from '../frontend/weightFile.ts';
import { filesOf, type CompilerHost, type Tuning } from './host.ts';
import type { FileOptions } from './options.ts';
import type { WeightFile, WeightSource } from './weights.ts';

export interface OpenedFiles {
  readonly weights?: WeightSource;
  /** `save` writes what was measured. */
  readonly tuning?: Tuning;
}

type Host = Pick<CompilerHost, 'files'>;

export const openFiles = ({ weights, tune }: FileOptions, host: Host): OpenedFiles => ({
  weights:
    weights === undefined || typeof weights === 'function' ? weights : openWeights(weights, host, 'compile'),
  tuning: tune === undefined ? undefined : filesOf(host, 'compile', 'tune').openTuning(tune),
});

/** A file's tensors, by its path or its bytes; `subject` is the function that was given it. */
export function openWeights(from: string | Uint8Array, host: Host, subject: string): WeightFile {
  const name = typeof from === 'string' ? from : 'weights';
  const bytes = typeof from === 'string' ? filesOf(host, subject, 'weights').read('weights', from) : from;
  return { name, file: readWeights(bytes, name) };
}
