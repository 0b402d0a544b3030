/** Finds the importer of a file: by the format's name, by the file's extension, or by its first bytes. */
import { fail } from '../diagnostics/diagnostic.ts';
import { IMPORTERS } from './index.ts';
import type { Importer } from './types.ts';

/** Returns the importer whose extensions include the file's. Undefined if no format uses this extension. */
export const importerByExtension = (
  file: string,
  importers: readonly Importer[] = IMPORTERS,
): Importer | undefined => importers.find(({ extensions }) => extensionOf(file, extensions) !== undefined);

/** Returns the importer whose signature matches the bytes. Errors call the bytes `file`. */
export function importerBySignature(
  bytes: Uint8Array,
  file: string,
  importers: readonly Importer[] = IMPORTERS,
): Importer {
  const importer = importers.find(({ signature }) => signature?.(bytes));
  if (importer) return importer;
  return fail('CNNC3001', 'import', { file }, 'the format of the file is not known', [
    `expected ${nounOf(importers)}`,
  ]);
}

export function importerByName(name: string, importers: readonly Importer[] = IMPORTERS): Importer {
  const importer = importers.find((one) => one.name === name);
  if (importer) return importer;
  const known = importers.map((one) => one.name).join(', ');
  return fail(
    'CNNC4005',
    'import',
    {},
    `there is no format ${JSON.stringify(name)}; expected one of ${known}`,
  );
}

/** Returns the extension of this list that the file has. */
export const extensionOf = (file: string, extensions: readonly string[]): string | undefined =>
  extensions.find((extension) => file.toLowerCase().endsWith(extension));

/**
 * The noun for a file of one of the formats: `an .onnx file`, or with a second format `an .onnx file or a .toy file`.
 */
export const nounOf = (importers: readonly Importer[]): string =>
  importers.map(({ noun }) => noun).join(' or ');
