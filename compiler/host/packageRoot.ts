/** Where cnnc itself lies: a clone, or an installed package, where this file is part of a bundle in dist/. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `package.json`, `runtime/` and `models/`. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

export const version: string = (
  createRequire(import.meta.url)(join(packageRoot, 'package.json')) as { version: string }
).version;

/** The file that `import 'cnnc'` means. A clone has the sources and need not be built. */
export const ownEntry: string =
  [join(packageRoot, 'compiler', 'index.ts')].find((file) => existsSync(file)) ??
  join(packageRoot, 'dist', 'index.js');

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
