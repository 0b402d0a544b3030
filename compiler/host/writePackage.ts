/**
 * Writes a package's folder as a whole or not at all: beside its place first, then renamed. A folder that no
 * compile has made is never touched.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { MARK } from '../package/manifest.ts';
import type { PackageFiles } from '../emit/model.ts';
import { renameWithRetries } from './rename.ts';

/** Node.js retries what is open in another program on Windows, as `renameWithRetries` does. */
const REMOVE = { recursive: true, force: true, maxRetries: 4, retryDelay: 50 };

export function writePackage(folder: string, files: PackageFiles): void {
  checkFolder(folder);
  const staging = join(dirname(folder), `.cnnc-${basename(folder)}-new`);
  const retired = join(dirname(folder), `.cnnc-${basename(folder)}-old`);
  try {
    rmSync(staging, REMOVE);
    mkdirSync(staging, { recursive: true });
    for (const [name, contents] of files) {
      mkdirSync(dirname(join(staging, name)), { recursive: true });
      writeFileSync(join(staging, name), contents);
    }
    rmSync(retired, REMOVE);
    if (existsSync(folder)) renameWithRetries(folder, retired);
    renameWithRetries(staging, folder);
  } catch (error) {
    // The old package comes back when the new one could not take its place.
    if (!existsSync(folder) && existsSync(retired)) renameWithRetries(retired, folder);
    fail('CNNC5002', 'package', { file: folder }, `cannot write the folder: ${(error as Error).message}`);
  } finally {
    rmSync(staging, REMOVE);
    rmSync(retired, REMOVE);
  }
}

/** Refuses a place that holds something else; before any work is done, and again before it is replaced. */
export function checkFolder(folder: string): void {
  const expected = 'expected a new folder, an empty one, or a package that cnnc wrote';
  const there = nearestExisting(folder);
  if (!statSync(there).isDirectory()) {
    const where = there === folder ? 'a file' : `the file ${there}`;
    fail('CNNC5005', 'package', { file: folder }, `${where} is in the way; ${expected}`);
  }
  if (there !== folder) return;
  if (readdirSync(folder).length === 0 || isOurs(folder)) return;
  fail('CNNC5005', 'package', { file: folder }, `the folder holds other files; ${expected}`);
}

/** The folder itself, or what there is of the way to it. */
function nearestExisting(folder: string): string {
  let path = folder;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

function isOurs(folder: string): boolean {
  try {
    return MARK in (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object);
  } catch {
    return false;
  }
}
