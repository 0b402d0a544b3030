/**
 * Bundles each worker into one JavaScript file that any Node runs, so that start times are those of the engine and
 * not of a TypeScript loader.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, hashSources } from './cache.ts';
import { peerFile, PEERS, requirePeers } from './peers.ts';

export type WorkerName =
  'cnnc' | 'jaxJs' | 'ortWeb' | 'ortNode' | 'ortWebgpu' | 'tfjsWasm' | 'tfjsWebgpu' | 'tfjsCpu';

const WORKERS = fileURLToPath(new URL('./workers', import.meta.url));

interface Bundler {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly contents: Uint8Array }[] }>;
}

/** tfjs is bundled and minified, as its users ship it; the others are loaded from where they are installed. */
const isCommonJs = (worker: WorkerName): boolean => worker.startsWith('tfjs');

/** Paths of the bundles by worker. */
export async function bundleWorkers(
  workers: readonly WorkerName[],
): Promise<Readonly<Record<WorkerName, string>>> {
  requirePeers(['esbuild']);
  const key = `workers-${hashSources([WORKERS], readFileSync(`${PEERS}/package-lock.json`, 'utf8'))}`;
  const names = [...new Set(workers)].sort();
  const folder = await cached(`${key}-${names.join('-')}`, async (draft) => {
    for (const name of names)
      writeFileSync(join(draft, fileOf(name)), await bundle(join(WORKERS, `${name}.ts`), isCommonJs(name)));
  });
  return Object.fromEntries(names.map((name) => [name, join(folder, fileOf(name))])) as Record<
    WorkerName,
    string
  >;
}

const fileOf = (name: WorkerName): string => `${name}.${isCommonJs(name) ? 'cjs' : 'mjs'}`;

/** What the browsers' users of tfjs' WebAssembly backend ship of it as JavaScript. */
export const bundleTfjs = (): Promise<Uint8Array> =>
  bundle(join(WORKERS, 'tfjsShipped.ts'), false, 'browser');

async function bundle(entry: string, commonJs: boolean, platform = 'node'): Promise<Uint8Array> {
  const { build } = createRequire(`${PEERS}/`)('esbuild') as Bundler;
  const { outputFiles } = await build({
    ...{ entryPoints: [entry], bundle: true, minify: true, write: false, platform },
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
