/**
 * Writes a package's folder as a whole or not at all: beside its place first, then renamed. A folder that no
 * compile has made is never touched.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { MARK } from './manifest.ts';
import type { PackageFiles } from './types.ts';

export function writePackage(folder: string, files: PackageFiles): void {
  checkFolder(folder);
  const staging = join(dirname(folder), `.cnnc-${basename(folder)}-new`);
  const retired = join(dirname(folder), `.cnnc-${basename(folder)}-old`);
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    for (const [name, contents] of files) {
      mkdirSync(dirname(join(staging, name)), { recursive: true });
      writeFileSync(join(staging, name), contents);
    }
    rmSync(retired, { recursive: true, force: true });
    if (existsSync(folder)) renameSync(folder, retired);
    renameSync(staging, folder);
  } catch (error) {
    // The old package comes back when the new one could not take its place.
    if (!existsSync(folder) && existsSync(retired)) renameSync(retired, folder);
    fail('package', { file: folder }, `cannot be written: ${(error as Error).message}`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
    rmSync(retired, { recursive: true, force: true });
  }
}

/** Refuses a place that holds something else; before any work is done, and again before it is replaced. */
export function checkFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const expected = 'expected a new folder, an empty one, or a package that cnnc has written';
  if (!statSync(folder).isDirectory()) fail('package', { file: folder }, `a file is in the way, ${expected}`);
  if (readdirSync(folder).length === 0 || isOurs(folder)) return;
  fail('package', { file: folder }, `the folder holds something else, ${expected}`);
}

function isOurs(folder: string): boolean {
  try {
    return MARK in (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object);
  } catch {
    return false;
  }
}
