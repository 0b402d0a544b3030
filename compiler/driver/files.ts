/** Opens the files that the options of a compile name; the compile itself reads and writes none. */
import { readWeights } from '../frontend/weightFile.ts';
import { filesOf, type CompilerHost, type Tuning } from './host.ts';
import type { TargetRecord } from '../emit/target.ts';
import type { FileOptions } from './options.ts';
import type { WeightFile, WeightSource } from './weights.ts';

type Host = Pick<CompilerHost, 'files'>;

export const openWeightSource = ({ weights }: FileOptions, host: Host): WeightSource | undefined =>
  weights === undefined || typeof weights === 'function' ? weights : openWeights(weights, host, 'compile');

/** `save` of the result writes what was measured. */
export const openTuning = async (
  { tune }: FileOptions,
  targets: readonly TargetRecord[],
  host: Host,
): Promise<Tuning | undefined> =>
  tune === undefined ? undefined : filesOf(host, 'compile', 'tune').openTuning(tune, targets);

/** A file's tensors, by its path or its bytes; `subject` is the function that was given it. */
export function openWeights(from: string | Uint8Array, host: Host, subject: string): WeightFile {
  const name = typeof from === 'string' ? from : 'weights';
  const bytes = typeof from === 'string' ? filesOf(host, subject, 'weights').read('weights', from) : from;
  return { name, file: readWeights(bytes, name) };
}
