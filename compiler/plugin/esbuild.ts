/**
 * Assets in esbuild, which leaves `new URL('./file', import.meta.url)` as it is. In ES modules the files are copied beside
 * each output that loads them, under a name that is unique. Other formats have no `import.meta.url`: there the bytes
 * become part of the bundle.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { assetsIn, hoistAssets, replaceAssets } from './assets.ts';
import { hashOf } from './cache.ts';

/** What is used of esbuild's `PluginBuild`. */
export interface EsbuildBuild {
  readonly initialOptions: {
    readonly format?: string;
    readonly platform?: string;
    readonly absWorkingDir?: string;
    readonly write?: boolean;
    metafile?: boolean;
  };
  onResolve(options: Filter, callback: (args: { readonly path: string }) => object): void;
  onLoad(options: Filter, callback: (args: { readonly path: string }) => object | undefined): void;
  onEnd(callback: (result: EsbuildResult) => void): void;
}

interface Filter {
  readonly filter: RegExp;
  readonly namespace?: string;
}

interface EsbuildResult {
  readonly metafile?: {
    readonly outputs: Readonly<
      Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
    >;
  };
  readonly outputFiles?: OutputFile[];
}

interface OutputFile {
  readonly path: string;
  readonly contents: Uint8Array;
  readonly hash: string;
  readonly text: string;
}

const BYTES = 'cnnc-bytes';

/** `modules` finds the modules of packages. */
export function addAssets(build: EsbuildBuild, modules: RegExp): void {
  const { format, platform } = build.initialOptions;
  const isModule = format === 'esm' || (format === undefined && platform === 'neutral');
  if (isModule) copyAssets(build, modules);
  else includeAssets(build, modules);
}

function copyAssets(build: EsbuildBuild, modules: RegExp): void {
  /** Names of copies and their files, by the module that loads them. */
  const loaded = new Map<string, ReadonlyMap<string, string>>();
  build.initialOptions.metafile = true;
  build.onLoad({ filter: modules }, ({ path }) => {
    const code = readFileSync(path, 'utf8');
    const copies = new Map(assetsIn(code, path).map((file) => [copyName(file), file]));
    if (copies.size === 0) return undefined;
    loaded.set(path, copies);
    const contents = replaceAssets(code, path, (file) => `new URL('./${copyName(file)}', import.meta.url)`);
    return { contents, loader: 'js', resolveDir: dirname(path) };
  });
  build.onEnd((result) => {
    const { absWorkingDir = process.cwd(), write = true } = build.initialOptions;
    for (const [output, { inputs }] of Object.entries(result.metafile?.outputs ?? {})) {
      const folder = dirname(resolve(absWorkingDir, output));
      const used = Object.keys(inputs).filter((input) => inputs[input]!.bytesInOutput > 0);
      for (const input of used) {
        for (const [name, file] of loaded.get(resolve(absWorkingDir, input)) ?? []) {
          writeOutput(result, join(folder, name), readFileSync(file), write);
        }
      }
    }
  });
}

/** `kernels-1f2e3d4c.wasm` */
const copyName = (file: string): string => {
  const extension = extname(file);
  return `${basename(file, extension)}-${hashOf(readFileSync(file)).slice(0, 8)}${extension}`;
};

function writeOutput(
  { outputFiles }: EsbuildResult,
  path: string,
  contents: Uint8Array,
  write: boolean,
): void {
  if (write) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
    return;
  }
  const hash = createHash('sha256').update(contents).digest('base64');
  if (outputFiles?.every((file) => file.path !== path)) outputFiles.push({ path, contents, hash, text: '' });
}

function includeAssets(build: EsbuildBuild, modules: RegExp): void {
  build.onLoad({ filter: modules }, ({ path }) => {
    const code = readFileSync(path, 'utf8');
    if (assetsIn(code, path).length === 0) return undefined;
    const contents = hoistAssets(
      code,
      path,
      (name, file) => `import ${name} from ${JSON.stringify(`${BYTES}:${file}`)};`,
    );
    return { contents, loader: 'js', resolveDir: dirname(path) };
  });
  build.onResolve({ filter: new RegExp(`^${BYTES}:`) }, ({ path }) => ({
    path: path.slice(BYTES.length + 1),
    namespace: BYTES,
  }));
  build.onLoad({ filter: /.*/, namespace: BYTES }, ({ path }) => ({
    contents: readFileSync(path),
    loader: 'binary',
  }));
}
