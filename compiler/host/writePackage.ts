/**
 * Writes a package's folder as a whole or not at all: beside its place first, then renamed. A folder that no
 * compile has made is never touched.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { MARK } from '../package/manifest.ts';
import type { PackageFiles } from '../emit/model.ts';
import { checkLength, fileReason } from './fileErrors.ts';
import { renameWithRetries } from './rename.ts';

/** Node.js retries what is open in another program on Windows, as `renameWithRetries` does. */
const REMOVE = { recursive: true, force: true, maxRetries: 4, retryDelay: 50 };

export function writePackage(folder: string, files: PackageFiles): void {
  checkFolder(folder);
  const beside = besideName(basename(folder));
  const staging = join(dirname(folder), `${beside}-new`);
  const retired = join(dirname(folder), `${beside}-old`);
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
    fail('CNNC5002', 'package', { file: folder }, `cannot write the folder: ${fileReason(error)}`);
  } finally {
    removeQuietly(staging);
    removeQuietly(retired);
  }
}

/** Ignores errors: the error of the write is the one to report, and the next compile removes what stays. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, REMOVE);
  } catch {
    return;
  }
}

const SHORT = 100;

/** Begins the names of folders beside the package. They are longer than its name, so a long name is cut. */
function besideName(name: string): string {
  if (Buffer.byteLength(name) <= SHORT) return `.cnnc-${name}`;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `.cnnc-${hash}`;
}

/**
 * Refuses a place that holds something else, and a name that no folder can have; before any work is done, and again
 * before it is replaced.
 */
export function checkFolder(folder: string): void {
  try {
    checkLength(folder);
  } catch (error) {
    fail('CNNC5002', 'package', { file: folder }, `cannot write the folder: ${fileReason(error)}`);
  }
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
