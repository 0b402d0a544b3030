/** Imports a model file as a model and its weights. */
import { defaultName } from './defaultName.ts';
import { resetBudget } from './recorded/known.ts';
import { modelName } from './recorded/names.ts';
import { recordModel, type Recorded } from './recorded/recordModel.ts';
import type { Importer, ModelSource, ReadModel } from './types.ts';

export interface ImportOptions {
  /** The model's name. Default: the file's without its extension, or for `model.onnx` the name of its folder. */
  readonly name?: string;
  /** Whole shapes for extents that the file leaves open, by the input's name in the file or in the model. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

/** Imports a file. Throws one `Diagnostic` that lists everything that is not supported. */
export async function importModel(
  importer: Importer,
  source: ModelSource,
  options: ImportOptions = {},
): Promise<Recorded> {
  return importWith(await importer.load(), importer, source, options);
}

/**
 * `importModel` with a reader that is already loaded. It is synchronous, because the budget of constants counts one
 * import at a time.
 */
export function importWith(
  read: ReadModel,
  importer: Importer,
  source: ModelSource,
  { name, inputs }: ImportOptions = {},
): Recorded {
  const subject = importer.name;
  resetBudget(subject);
  const { file } = source;
  const own = name === undefined ? defaultName(file, importer) : modelName(name);
  return recordModel(read(source), { subject, file, name: own, inputs });
}
