/** The compiler as a page gets it: `compiler/browser.ts` bundled by esbuild as it is, without a plugin or a polyfill. */
import { projectRoot } from '../support/imports.ts';
import { esbuild, type Built } from './esbuild.ts';

/** Where it is bundled from; another text for tests of the tests. */
const ENTRY = `export * from './compiler/browser.ts';`;

/**
 * `browser.js` and its chunks. binaryen imports `node:module` where it finds Node's `process`; a page never comes there, so
 * the import may stay in the bundle.
 */
export const bundleCompiler = (
  outdir: string,
  { minify = false, write = true, entry = ENTRY } = {},
): Promise<Built> =>
  esbuild.build({
    stdin: { contents: entry, resolveDir: projectRoot, sourcefile: 'browser.js' },
    entryNames: 'browser',
    outdir,
    ...{ bundle: true, format: 'esm', splitting: true, platform: 'browser', external: ['node:module'] },
    ...{ minify, write, metafile: true, logLevel: 'silent' },
  });
