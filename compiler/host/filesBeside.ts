/**
 * The files that a model file names, from the disk. Locations are relative to the model's folder and stay inside of it,
 * links followed: a model from elsewhere must not read other files.
 */
import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { SourceFiles } from '../importers/types.ts';

export const filesBeside =
  (folder: string): SourceFiles =>
  (location) => {
    const path = resolveInside(folder, location);
    const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    if (path === undefined || !stats?.isFile()) return undefined;
    return { size: stats.size, read: (offset, length) => readPart(path, offset, length) };
  };

function resolveInside(folder: string, location: string): string | undefined {
  if (location === '' || location.includes('\0') || isAbsolute(location)) return undefined;
  try {
    const inside = realpathSync(folder);
    const path = realpathSync(join(inside, location));
    const way = relative(inside, path);
    const leaves = way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
    return leaves ? undefined : path;
  } catch {
    return undefined;
  }
}

function readPart(path: string, offset: number, length: number): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(handle, bytes, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(handle);
  }
}
