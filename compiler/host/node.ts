/** What the compiler needs of Node: files. */
import type { CompilerHost } from '../driver/host.ts';
import { assemble } from './browser/assemble.ts';
import { readFile } from './readFile.ts';
import { runtimeText } from './runtimeText.ts';
import { openTuning } from './tuningFile.ts';
import { checkFolder, writePackage } from './writePackage.ts';

export const nodeHost: Required<CompilerHost> = {
  runtimeText,
  assemble,
  files: { read: readFile, checkFolder, writePackage, openTuning },
};
