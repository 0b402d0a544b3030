/** Bundles `compiler/browser.ts` for a page, by esbuild without a plugin or a polyfill. */
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../support/imports.ts';
import { esbuild, type Built } from './esbuild.ts';

/** wabt requires `fs` where it finds Node's `process`, which a page does not have. */
const EMPTY = fileURLToPath(new URL('../../compiler/host/browser/noFiles.js', import.meta.url));

/** Where it is bundled from; another text for tests of the tests. */
const ENTRY = `export * from './compiler/browser.ts';`;

/**
 * `browser.js` and its chunks.
 */
export const bundleCompiler = (
  outdir: string,
  { minify = false, write = true, entry = ENTRY } = {},
): Promise<Built> =>
  esbuild.build({
    stdin: { contents: entry, resolveDir: projectRoot, sourcefile: 'browser.js' },
    entryNames: 'browser',
    outdir,
    ...{ bundle: true, format: 'esm', splitting: true, platform: 'browser', alias: { fs: EMPTY } },
    ...{ minify, write, metafile: true, logLevel: 'silent' },
  });
