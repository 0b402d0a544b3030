/**
 * Lets this process import model files. tsx translates TypeScript, in ES modules and in CommonJS. `cnnc` in a model file
 * is the compiler that runs, even where no package of that name is installed.
 */
import Module, { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ownEntry } from './packageRoot.ts';

/** Loads a module by its URL. */
export type ImportModule = (url: string) => Promise<unknown>;

/** Absent where the process imports TypeScript by itself, as in tests. */
let prepare: (() => Promise<void>) | undefined;
let prepared: Promise<void> | undefined;

/**
 * Lets `importOnce` load model files. `withTsx: false` where the process has tsx already. The loader is registered with
 * the first model file, because it takes a tenth of a second that other commands do not need.
 */
export function allowModelFiles({ withTsx }: { readonly withTsx: boolean }): void {
  prepare = () => registerLoader(withTsx);
}

/** Imports a module as Node does: once in a process. */
export const importOnce: ImportModule = async (url) => {
  await (prepared ??= prepare?.());
  const require = Module.createRequire(import.meta.url);
  return isCommonJs(url) ? (require(fileURLToPath(url)) as unknown) : import(url);
};

/** tsx translates these files for `require` only. */
const isCommonJs = (url: string): boolean => url.endsWith('.cts');

async function registerLoader(withTsx: boolean): Promise<void> {
  if (withTsx) {
    const [esm, commonJs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')]);
    // Model files in a project without "type": "module" are CommonJS to Node.
    commonJs.register();
    esm.register();
  }
  nameOwnEntry();
}

export interface FreshImport<T> {
  readonly result: T;
  /** The paths of the files that were imported, without those of packages, sorted. */
  readonly files: readonly string[];
}

let imports = 0;

/**
 * Runs `load` with a loader of its own: files that an earlier call has imported are read again, and other imports of the
 * process are left alone.
 */
export async function withFreshImports<T>(
  load: (importModule: ImportModule) => Promise<T>,
): Promise<FreshImport<T>> {
  const { register: registerTsx } = await import('tsx/esm/api');
  const urls = new Set<string>();
  // Places of models are lines of the files as they were written; a loader with a namespace leaves that to us.
  process.setSourceMapsEnabled(true);
  const namespace = `cnnc-${++imports}`;
  const loader = registerTsx({ namespace, onImport: (url) => void urls.add(url) });
  nameOwnEntry();
  try {
    const result = await load(async (url) => {
      if (!isCommonJs(url)) return loader.import(url, import.meta.url) as Promise<unknown>;
      urls.add(url);
      return requireFresh(fileURLToPath(url), namespace);
    });
    return { result, files: filesOf(urls) };
  } finally {
    await loader.unregister();
  }
}

async function requireFresh(file: string, namespace: string): Promise<unknown> {
  const { register: registerTsx } = await import('tsx/cjs/api');
  const loader = registerTsx({ namespace });
  try {
    return loader.require(file, import.meta.url) as unknown;
  } finally {
    loader.unregister();
  }
}

const filesOf = (urls: ReadonlySet<string>): string[] =>
  [...urls]
    .filter((url) => url.startsWith('file:') && !url.includes('/node_modules/'))
    .map((url) => fileURLToPath(url))
    .sort();

/** Plain JavaScript, because Node runs it in a thread without loaders. */
const HOOKS = `
let own;
export const initialize = (url) => void (own = url);
export async function resolve(specifier, context, next) {
  if (specifier !== 'cnnc') return next(specifier, context);
  return { ...(await next(own, context)), url: own };
}
`;

/** The last hooks that are registered come first, so this follows tsx, which would load the compiler again. */
function nameOwnEntry(): void {
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: pathToFileURL(ownEntry).href });
}

type Resolve = (this: unknown, request: string, ...rest: unknown[]) => string;

let isNamedInCommonJs = false;

/**
 * Lets `require('cnnc')` return the compiler that runs; a model file must not be imported before. Node has no hook for it
 * that all of its versions share.
 */
export async function nameOwnEntryInCommonJs(): Promise<void> {
  if (isNamedInCommonJs) return;
  isNamedInCommonJs = true;
  const loaded = new Module(ownEntry);
  Object.assign(loaded, { exports: (await import(pathToFileURL(ownEntry).href)) as unknown, loaded: true });
  const internals = Module as unknown as { _resolveFilename: Resolve; _cache: Record<string, Module> };
  internals._cache[ownEntry] = loaded;
  const original = internals._resolveFilename;
  internals._resolveFilename = function (request, ...rest) {
    return request === 'cnnc' ? ownEntry : original.call(this, request, ...rest);
  };
}
