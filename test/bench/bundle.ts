/**
 * Bundles each worker into one JavaScript file for Node or for a page, so that start times are those of the engine and
 * not of a TypeScript loader.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, hashSources } from './cache.ts';
import { peerFile, PEERS, requirePeers } from './peers.ts';

export type WorkerName =
  'cnnc' | 'jaxJs' | 'ortWeb' | 'ortNode' | 'ortWebgpu' | 'tfjsWasm' | 'tfjsWebgpu' | 'tfjsCpu' | 'litert';

/** Where a worker runs: a process of Node, or a page. */
export type Place = 'node' | 'page';

const WORKERS = fileURLToPath(new URL('./workers', import.meta.url));
/** The modules with the loop of a worker. */
const LOOPS: Readonly<Record<Place, string>> = { node: 'serve.ts', page: 'page.ts' };

interface Bundler {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly contents: Uint8Array }[] }>;
}

/**
 * tfjs and LiteRT.js are bundled and minified, as their users ship them; the others are loaded from where they are
 * installed. tfjs for Node has to be CommonJS.
 */
const isCommonJs = (worker: WorkerName, place: Place): boolean =>
  place === 'node' && worker.startsWith('tfjs');

/** Paths of the bundles by worker. */
export async function bundleWorkers(
  workers: readonly WorkerName[],
  place: Place,
): Promise<ReadonlyMap<WorkerName, string>> {
  requirePeers(['esbuild']);
  const key = `workers-${hashSources([WORKERS], readFileSync(`${PEERS}/package-lock.json`, 'utf8'), bundlerText())}`;
  const names = [...new Set(workers)].sort();
  const folder = await cached(`${key}-${place}-${names.join('-')}`, async (draft) => {
    for (const name of names)
      writeFileSync(
        join(draft, fileOf(name, place)),
        await bundle(entryOf(name, place), place, isCommonJs(name, place)),
      );
  });
  return new Map(names.map((name) => [name, join(folder, fileOf(name, place))]));
}

const bundlerText = (): string => readFileSync(fileURLToPath(import.meta.url), 'utf8');

const fileOf = (name: WorkerName, place: Place): string =>
  `${name}.${isCommonJs(name, place) ? 'cjs' : 'mjs'}`;

const entryOf = (name: WorkerName, place: Place): string =>
  `import { load } from './${name}.ts';\nimport { serve } from './${LOOPS[place]}';\nvoid serve(load);\n`;

/** What apps ship of an engine as JavaScript: a module of `workers/`. */
export const bundleShipped = (name: 'tfjsShipped' | 'litertShipped'): Promise<Uint8Array> =>
  bundle(`export * from './${name}.ts';`, 'page', false);

/** `entry` is the text of a module in `workers/`. */
async function bundle(entry: string, place: Place, commonJs: boolean): Promise<Uint8Array> {
  const { build } = createRequire(`${PEERS}/`)('esbuild') as Bundler;
  const { outputFiles } = await build({
    ...{ stdin: { contents: entry, resolveDir: WORKERS, loader: 'ts' } },
    ...{ bundle: true, minify: true, write: false, platform: place === 'node' ? 'node' : 'browser' },
    ...{ format: commonJs ? 'cjs' : 'esm', target: 'es2022', logLevel: 'error' },
    ...{ nodePaths: [peerFile('')], mainFields: ['module', 'main'] },
    // Imports for other platforms, under a condition that is false here.
    external: [
      'node-fetch',
      'util',
      'fs',
      'path',
      'os',
      'crypto',
      'worker_threads',
      'perf_hooks',
      'string_decoder',
    ],
  });
  return outputFiles[0]!.contents;
}
