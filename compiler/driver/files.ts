/** Opens the files that the options of a compile name. The compile itself reads and writes none. */
import { fail } from '../diagnostics/diagnostic.ts';
import { imagenetLabels } from '../frontend/imagenetLabels.ts';
import { parseLabels, type GivenLabels } from '../frontend/labels.ts';
import { fromHere } from '../frontend/place.ts';
import { readWeights } from '../frontend/weightFile.ts';
import { filesOf, type CompilerHost, type Tuning } from './host.ts';
import type { TargetRecord } from '../emit/target.ts';
import type { FileOptions } from './options.ts';
import type { WeightFile, WeightSource } from './weights.ts';

type Host = Pick<CompilerHost, 'files'>;

export function openWeightSource({ weights, ownWeights }: FileOptions, host: Host): WeightSource | undefined {
  if (ownWeights !== undefined) return openOwnWeights(ownWeights, host, 'compile');
  return weights === undefined || typeof weights === 'function'
    ? weights
    : openWeights(weights, host, 'compile');
}

/** Reads the file that the model names. `subject` is the API function that was called. */
export function openOwnWeights(file: string, { files }: Host, subject: string): WeightFile {
  const name = fromHere(file);
  if (files) {
    const bytes = files.read('weights of the model', file);
    return { name, from: 'model', file: readWeights(bytes, name) };
  }
  return fail('CNNC4021', subject, {}, `the model names its weights, ${name}, but this host has no files`, [
    'pass their bytes as the option weights, or a seed for random ones',
  ]);
}

/** The name by which the option `labels` means the classes of ImageNet. */
export const IMAGENET = 'imagenet';

/** The names that the option `labels` gives. `subject` is the API function that was called. */
export function openLabels(
  labels: FileOptions['labels'],
  host: Host,
  subject: string,
): GivenLabels | undefined {
  if (labels === undefined) return undefined;
  if (labels === IMAGENET) return { names: imagenetLabels };
  if (typeof labels !== 'string') return { names: labels };
  const bytes = filesOf(host, subject, 'labels').read('labels', labels);
  return { names: parseLabels(new TextDecoder().decode(bytes)), file: labels };
}

/** `save` of the result writes what was measured. */
export const openTuning = async (
  { tune }: FileOptions,
  targets: readonly TargetRecord[],
  host: Host,
): Promise<Tuning | undefined> =>
  tune === undefined ? undefined : filesOf(host, 'compile', 'tune').openTuning(tune, targets);

/** Reads the tensors of a file, given by its path or its bytes. `subject` is the API function that was called. */
export function openWeights(from: string | Uint8Array, host: Host, subject: string): WeightFile {
  if (typeof from !== 'string') return { name: 'weights', from: 'given', file: readWeights(from, 'weights') };
  const bytes = filesOf(host, subject, 'weights').read('weights', from);
  return { name: from, from: 'file', file: readWeights(bytes, from) };
}
