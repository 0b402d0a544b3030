/** A model file of another tool, by its path or as bytes, as a model and its weights. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { importerByExtension, importerByName, importerBySignature, nounOf } from '../importers/choose.ts';
import { importModel, type ImportOptions } from '../importers/importModel.ts';
import { IMPORTERS } from '../importers/index.ts';
import type { Recorded } from '../importers/recorded/recordModel.ts';
import type { Importer } from '../importers/types.ts';
import { statsOf } from './fileErrors.ts';
import { filesBeside } from './filesBeside.ts';

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
  const named = format === undefined ? undefined : importerByName(format, importers);
  if (typeof source !== 'string') {
    const importer = named ?? importerBySignature(source, rest.name ?? 'bytes', importers);
    const file = rest.name ?? `model${importer.extensions[0]}`;
    const files = folder === undefined ? undefined : filesBeside(folder);
    return importModel(importer, { bytes: source, file, files }, rest);
  }
  const expected = named ?? importerByExtension(source, importers);
  const bytes = readModelFile(source, expected ? [expected] : importers);
  const importer = expected ?? importerBySignature(bytes, source, importers);
  const files = filesBeside(folder ?? dirname(source));
  return importModel(importer, { bytes, file: source, files }, rest);
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
