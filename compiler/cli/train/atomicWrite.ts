/**
 * Writes a file as a whole or not at all: beside it, flushed to the disk, then renamed over it. Whatever goes
 * wrong, a full disk above all, is a `Diagnostic`, and the file is what it was before.
 */
import * as nodeFiles from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';

/** What is needed of `node:fs`; tests hand in one that fails. */
export interface FileSystem {
  mkdirSync(folder: string, options: { recursive: true }): unknown;
  openSync(path: string, flags: string): number;
  /** The bytes from `at` on; returns how many were taken. */
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
    fail('CNNC5002', SUBJECT, { file }, `cannot save it: ${reasonOf(error)}`, [
      'what was saved before is as it was',
    ]);
  }
  flushFolder(dirname(file), files);
}

function writeThrough(file: string, bytes: Uint8Array, files: FileSystem): void {
  const handle = files.openSync(file, 'w');
  try {
    // A disk that is nearly full may take a part only.
    for (let at = 0; at < bytes.length;) at += files.writeSync(handle, bytes, at);
    files.fsyncSync(handle);
  } finally {
    files.closeSync(handle);
  }
}

/** What is to be reported is why it could not be written. */
function removeQuietly(file: string, files: FileSystem): void {
  try {
    files.rmSync(file, { force: true });
  } catch {
    return;
  }
}

/** So that the rename survives a power cut; not every system lets a folder be opened. */
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

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'EDQUOT') return 'the disk quota is used up';
  return message;
}
