/**
 * Writes a package's folder as a whole or not at all: beside its place first, then renamed. A folder that no
 * compile has made is never touched, and the package of another source only by force.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Replacement } from '../driver/host.ts';
import { MARK } from '../package/manifest.ts';
import type { PackageFiles } from '../emit/model.ts';
import { checkLength, fileReason } from './fileErrors.ts';
import { renameWithRetries } from './rename.ts';

/** Node.js retries what is open in another program on Windows, as `renameWithRetries` does. */
const REMOVE = { recursive: true, force: true, maxRetries: 4, retryDelay: 50 };

export function writePackage(folder: string, files: PackageFiles, by?: Replacement): void {
  checkFolder(folder, by);
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
export function checkFolder(folder: string, by?: Replacement): void {
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
  if (readdirSync(folder).length === 0) return;
  const mark = markOf(folder);
  if (!mark) fail('CNNC5005', 'package', { file: folder }, `the folder holds other files; ${expected}`);
  if (by && !by.force) checkSource(folder, mark.source, by.source);
}

/** The folder itself, or what there is of the way to it. */
function nearestExisting(folder: string): string {
  let path = folder;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

/** What `package.json` says of a package of cnnc. Undefined for any other folder. */
function markOf(folder: string): { readonly source?: unknown } | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
    return MARK in manifest ? (Object(manifest[MARK]) as { readonly source?: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

function checkSource(folder: string, before: unknown, now: string): void {
  if (typeof before !== 'string' || isSameSource(folder, before, now)) return;
  fail(
    'CNNC5007',
    'package',
    { file: folder },
    `the folder holds the package of ${before}, and this one is compiled from ${now}`,
    [
      '--name NAME or --out FOLDER writes another folder, --force replaces the package',
      'in a program these are the options `out` and `force` of `compile`',
    ],
  );
}

/**
 * Sources are paths from the folder in which a command was started. It may have been another one, so the old path may
 * start at any folder above the package.
 */
function isSameSource(folder: string, before: string, now: string): boolean {
  return before === now || foldersAbove(resolve(folder)).some((one) => resolve(one, before) === resolve(now));
}

const foldersAbove = (path: string): string[] =>
  dirname(path) === path ? [] : [dirname(path), ...foldersAbove(dirname(path))];
