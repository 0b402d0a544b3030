/**
 * Reads the files of data sets, plain or compressed by gzip. A missing or damaged file is a `Diagnostic` that names
 * the file and what was expected.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fail } from '../../diagnostics/diagnostic.ts';

export interface DataFile {
  /** The path that was found: `train-images-idx3-ubyte.gz`. */
  readonly path: string;
  /** The decompressed contents. */
  readonly bytes: Uint8Array;
}

const GZIP = '.gz';

/** Reads the first of these names that exists in the folder, plain or with `.gz`. */
export function readDataFile(subject: string, folder: string, names: readonly string[]): DataFile {
  const candidates = names.flatMap((name) => [name, name + GZIP]).map((name) => join(folder, name));
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    return fail(
      'CNNC6003',
      subject,
      { file: folder },
      `there is no ${names.join(' or ')}, with or without .gz`,
    );
  }
  return { path, bytes: readBytes(subject, path) };
}

export function readBytes(subject: string, path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fail('CNNC5001', subject, { file: path }, `cannot read the file: ${(error as Error).message}`);
  }
  if (!path.endsWith(GZIP)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    return fail('CNNC6004', subject, { file: path }, `cannot decompress it: ${(error as Error).message}`, [
      'the gzip file is truncated or damaged',
    ]);
  }
}
