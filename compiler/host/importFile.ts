/** A model file of another tool, by its path or as bytes, as a model and its weights. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { importerByExtension, importerByName, importerBySignature, nounOf } from '../importers/choose.ts';
import { defaultName } from '../importers/defaultName.ts';
import { importModel, type ImportOptions } from '../importers/importModel.ts';
import { IMPORTERS } from '../importers/index.ts';
import type { Recorded } from '../importers/recorded/recordModel.ts';
import type { Importer } from '../importers/types.ts';
import { statsOf } from './fileErrors.ts';
import { filesBeside } from './filesBeside.ts';
import { sourceName } from './sourceName.ts';

export interface FileImportOptions extends ImportOptions {
  /** The format's name, such as `onnx`; default: what the file's extension says, then what its first bytes say. */
  readonly format?: string;
  /** The folder of the files that the model names; default: the model file's own. */
  readonly folder?: string;
}

export async function importFile(
  source: string | Uint8Array,
  options: FileImportOptions = {},
  importers: readonly Importer[] = IMPORTERS,
): Promise<Recorded> {
  const { format, folder, ...rest } = options;
  const asked = format === undefined ? undefined : importerByName(format, importers);
  if (typeof source !== 'string') {
    const importer = asked ?? importerBySignature(source, rest.name ?? 'bytes', importers);
    const file = rest.name ?? `model${importer.extensions[0]}`;
    const files = folder === undefined ? undefined : filesBeside(folder);
    return importModel(importer, { bytes: source, file, files }, rest);
  }
  const expected = asked ?? importerByExtension(source, importers);
  const bytes = readModelFile(source, expected ? [expected] : importers);
  const importer = expected ?? importerBySignature(bytes, source, importers);
  const files = filesBeside(folder ?? dirname(source));
  const named = { ...rest, name: rest.name ?? defaultName(resolve(source), importer) };
  const recorded = await importModel(importer, { bytes, file: source, files }, named);
  return { ...recorded, model: { ...recorded.model, place: { file: sourceName(source) } } };
}

/** The formats are those that the file may have. */
function readModelFile(file: string, importers: readonly Importer[]): Uint8Array {
  const subject = importers.length === 1 ? importers[0]!.name : 'import';
  const stats = statsOf(file);
  if (!stats) return fail('CNNC1001', subject, { file }, 'the file does not exist');
  if (!stats.isFile())
    return fail('CNNC1001', subject, { file }, `this is a folder; expected ${nounOf(importers)}`);
  return readFileSync(file);
}
