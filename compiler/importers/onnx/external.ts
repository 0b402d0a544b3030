/**
 * Numbers that lie in files beside the model (`external_data`). Locations are relative to the model's folder and
 * stay inside of it, links followed: a model from elsewhere must not read what it likes.
 */
import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { ReadExternal } from './tensor.ts';

/** `folder` is the model's; undefined where the model came as bytes alone. */
export function externalReader(folder: string | undefined, file: string): ReadExternal {
  return (entries, what) => {
    const refuse = (found: string): never => fail('onnx', { file }, `${what} ${found}`);
    const location = entries['location'] ?? '';
    const shown = JSON.stringify(location);
    if (folder === undefined) return refuse(`lies in ${shown}, and the model was given as bytes alone`);
    const path = resolveInside(folder, location);
    if (path === undefined) return refuse(`lies in ${shown}, which is not a file in the model's folder`);
    return readPart(path, entries, (found) => refuse(`lies in ${shown}, ${found}`));
  };
}

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

function readPart(
  path: string,
  entries: Readonly<Record<string, string>>,
  refuse: (found: string) => never,
): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) refuse('which is no file');
    const offset = wholeNumber(entries['offset'] ?? '0');
    const length = wholeNumber(entries['length'] ?? String(stats.size - offset));
    if (!(offset + length <= stats.size)) {
      refuse(`which has ${stats.size} bytes, not ${entries['length']} from ${entries['offset'] ?? 0} on`);
    }
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(handle, bytes, done, length - done, offset + done);
      if (count === 0) refuse('which ended while it was read');
      done += count;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}

const wholeNumber = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : NaN);
