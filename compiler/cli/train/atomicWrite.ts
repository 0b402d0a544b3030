/**
 * Writes a file completely or not at all: writes a temporary file beside it, flushes it to the disk and renames it. Any
 * error, such as a full disk, is reported as a `Diagnostic`, and the old file stays unchanged.
 */
import * as nodeFiles from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { fileReason } from '../../host/fileErrors.ts';

/** The part of `node:fs` that is used. Tests pass one that fails. */
export interface FileSystem {
  mkdirSync(folder: string, options: { recursive: true }): unknown;
  openSync(path: string, flags: string): number;
  /** Writes the bytes from `at` on and returns how many were written. */
  writeSync(handle: number, bytes: Uint8Array, at: number): number;
  fsyncSync(handle: number): void;
  closeSync(handle: number): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { force: true }): void;
}

const SUBJECT = 'train';

export function writeAtomically(
  file: string,
  contents: Uint8Array | string,
  files: FileSystem = nodeFiles,
): void {
  const beside = `${file}.partial`;
  const bytes = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
  try {
    files.mkdirSync(dirname(file), { recursive: true });
    writeThrough(beside, bytes, files);
    files.renameSync(beside, file);
  } catch (error) {
    removeQuietly(beside, files);
    fail('CNNC5002', SUBJECT, { file }, `cannot save it: ${fileReason(error)}`, [
      'the files of the last save are unchanged',
    ]);
  }
  flushFolder(dirname(file), files);
}

function writeThrough(file: string, bytes: Uint8Array, files: FileSystem): void {
  const handle = files.openSync(file, 'w');
  try {
    // A disk that is nearly full may write only a part.
    for (let at = 0; at < bytes.length;) at += files.writeSync(handle, bytes, at);
    files.fsyncSync(handle);
  } finally {
    files.closeSync(handle);
  }
}

/** Ignores errors: the error of the write is the one to report. */
function removeQuietly(file: string, files: FileSystem): void {
  try {
    files.rmSync(file, { force: true });
  } catch {
    return;
  }
}

/** Flushes the folder, so that the rename survives a power cut. Not every system can open a folder. */
function flushFolder(folder: string, files: FileSystem): void {
  try {
    const handle = files.openSync(folder, 'r');
    try {
      files.fsyncSync(handle);
    } finally {
      files.closeSync(handle);
    }
  } catch {
    return;
  }
}
