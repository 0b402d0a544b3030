/**
 * Keeps compiled nets and bundled workers in the folder for temporary files. Names contain the hash of all sources,
 * so that a second run starts at once and an old package is never measured after a change of the compiler.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(tmpdir(), 'cnnc-bench');
/** Nets with their weights are large: what has not been used for this long is removed. */
const KEPT_MS = 60 * 60 * 1000;

/** Hash of the files below these folders, and of what else the contents depend on. */
export function hashSources(folders: readonly string[], ...others: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders)
    for (const file of sourceFiles(folder)) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.update(others.join('\n')).digest('hex').slice(0, 16);
}

const sourceFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'))
    .sort();

/** The folder of this key, written whole by `make` where there is none. */
export async function cached(key: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(ROOT, key);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    try {
      await make(draft);
      if (!existsSync(folder)) renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

export function removeOld(): void {
  if (!existsSync(ROOT)) return;
  for (const name of readdirSync(ROOT)) {
    const folder = join(ROOT, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}
