/** Opens the files that the options of a compile name. The compile itself reads and writes none. */
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

/** Reads the tensors of a file, given by its path or its bytes. `subject` is the API function that was called. */
export function openWeights(from: string | Uint8Array, host: Host, subject: string): WeightFile {
  const name = typeof from === 'string' ? from : 'weights';
  const bytes = typeof from === 'string' ? filesOf(host, subject, 'weights').read('weights', from) : from;
  return { name, file: readWeights(bytes, name) };
}
