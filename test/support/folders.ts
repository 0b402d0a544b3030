/** Temporary folders of one test file, outside of the project: nothing of cnnc can be found from there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll } from 'vitest';

/** A new empty folder; all of them are removed after the last test of the file. */
export function createFolders(): () => string {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'cnnc-test-'));
    folders.push(folder);
    return folder;
  };
}

/** Every file below a folder, by its path with `/`. */
export function readFolder(folder: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(
    paths.map((path) => [
      path
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
      readFileSync(path),
    ]),
  );
}

/** What `node` prints, run in a folder with nothing of this process' environment but the search path. */
export function runNode(folder: string, ...args: string[]): string {
  const { PATH } = process.env;
  return execFileSync(process.execPath, args, { cwd: folder, env: { PATH }, encoding: 'utf8' });
}
