/**
 * The files that modules of a package load: `new URL('./kernels.wasm', import.meta.url)`. Vite, webpack and Rspack find
 * these expressions by themselves; for other bundlers they are replaced.
 */
import { dirname, resolve } from 'node:path';

const URLS = /new URL\(\s*'(\.\/[\w./-]+)',\s*import\.meta\.url,?\s*\)/g;

/** Absolute paths, in the order of the text. */
export const assetsIn = (code: string, module: string): string[] =>
  [...code.matchAll(URLS)].map(([, path]) => resolve(dirname(module), path!));

/** The text with another expression for each; `file` is absolute. */
export const replaceAssets = (code: string, module: string, expressionOf: (file: string) => string): string =>
  code.replace(URLS, (_, path: string) => expressionOf(resolve(dirname(module), path)));

/**
 * The text with a variable for each file, defined by the line that `define` gives. These lines come first: in a script
 * that is no module, the bundle's own address is known only while the script runs for the first time.
 */
export function hoistAssets(
  code: string,
  module: string,
  define: (name: string, file: string) => string,
): string {
  const files = [...new Set(assetsIn(code, module))];
  const nameOf = (file: string): string => `cnncFile${files.indexOf(file)}`;
  const lines = files.map((file) => `${define(nameOf(file), file)}\n`);
  return `${lines.join('')}${replaceAssets(code, module, nameOf)}`;
}
