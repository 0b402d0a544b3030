/** A model file as a model and its weights. */
import { extensionOf } from './choose.ts';
import { resetBudget } from './recorded/known.ts';
import { modelName } from './recorded/names.ts';
import { recordModel, type Recorded } from './recorded/recordModel.ts';
import type { Importer, ModelSource, ReadModel } from './types.ts';

export interface ImportOptions {
  /** The model's name; default: the file's. */
  readonly name?: string;
  /** Whole shapes by the input's name, in the file or in the model: for extents that the file leaves open. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

/** What is not supported is thrown as one `Diagnostic` that lists all of it. */
export async function importModel(
  importer: Importer,
  source: ModelSource,
  options: ImportOptions = {},
): Promise<Recorded> {
  return importWith(await importer.load(), importer, source, options);
}

/** The same with a reader that is loaded already. It does not pause, as the budget of constants needs it. */
export function importWith(
  read: ReadModel,
  { name: subject, extensions }: Importer,
  source: ModelSource,
  { name, inputs }: ImportOptions = {},
): Recorded {
  resetBudget(subject);
  const { file } = source;
  const own = modelName(name ?? withoutExtension(file, extensions));
  return recordModel(read(source), { subject, file, name: own, inputs });
}

/** `net` of `models/net.onnx`. */
function withoutExtension(file: string, extensions: readonly string[]): string {
  const base = file.split(/[\\/]/).at(-1)!;
  return base.slice(0, base.length - (extensionOf(base, extensions) ?? '').length);
}
