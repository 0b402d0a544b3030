/** Loads the source of `cnnc compile`: a model file, or a file of another format, which contains its weights. */
import { loadModel } from '../host/loadModel.ts';
import type { Model } from '../frontend/model.ts';
import { importerByExtension } from '../importers/choose.ts';
import { IMPORTERS } from '../importers/index.ts';
import type { Importer } from '../importers/types.ts';
import { zooFile } from '../host/zoo.ts';
import type { Shapes } from './arguments.ts';

/** Whether a word is the path of a model file, or the name of a zoo model. */
export const isModelName = (word: string, importers: readonly Importer[] = IMPORTERS): boolean =>
  /[/\\]|\.[cm]?[jt]s$/.test(word) ||
  importerByExtension(word, importers) !== undefined ||
  zooFile(word) !== undefined;

interface SourceFlags {
  readonly input?: Shapes;
  readonly weights?: string | Uint8Array;
  readonly seed?: number;
}

export interface Source<F> {
  readonly model: Model;
  /** The options that are left for the compiler. For an imported file, shapes and weights are settled here. */
  readonly flags: F;
}

export async function loadSource<F extends SourceFlags>(
  file: string,
  flags: F,
  importers: readonly Importer[] = IMPORTERS,
): Promise<Source<F>> {
  if (!importerByExtension(file, importers)) return { model: await loadModel(file), flags };
  const { importFile } = await import('../host/importFile.ts');
  const { model, weights } = await importFile(file, { inputs: flags.input }, importers);
  const own = flags.weights === undefined && flags.seed === undefined;
  return { model, flags: { ...flags, input: undefined, weights: own ? weights : flags.weights } };
}
