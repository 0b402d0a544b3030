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
