/** The name of a model file in its package: the path from the working folder, or for a model of the zoo its path there. */
import { realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import './workingFolder.ts';
import { fromHere } from '../frontend/place.ts';
import { packageRoot } from './packageRoot.ts';

const zoo = join(packageRoot, 'models');

export function sourceName(file: string): string {
  const path = resolve(file);
  const real = realPath(path);
  // An installed cnnc may be a link, as in workspaces.
  return fromHere(real.startsWith(`${zoo}${sep}`) ? real : path);
}

/** The path itself where there is no file. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
