/**
 * The files that a model file is made of: itself and what it imports by relative paths. They are found in the text, so
 * that they are known for a file that cannot be run as well. An import that is put together at run time is not found;
 * text in a comment that looks like an import of an existing file counts as one, which does no harm.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';

const IMPORTS = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]*)\1/g;
const SCRIPTS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** Absolute paths, the file's own first. */
export function importedFiles(file: string): string[] {
  const found = new Set([resolve(file)]);
  // A set gives what is added to it while it is read.
  for (const one of found) {
    if (!SCRIPTS.includes(extname(one))) continue;
    for (const [, , specifier] of textOf(one).matchAll(IMPORTS)) {
      const path = findFile(resolve(dirname(one), specifier!));
      if (path) found.add(path);
    }
  }
  return [...found];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** `./block`, `./block.js` and a folder of that name all may mean a file in TypeScript. */
function findFile(path: string): string | undefined {
  const base = path.replace(/\.([cm]?)jsx?$/, '');
  const candidates = [
    path,
    ...[path, base, `${path}/index`].flatMap((one) => SCRIPTS.map((end) => one + end)),
  ];
  return candidates.find((one) => statSync(one, { throwIfNoEntry: false })?.isFile());
}
