/**
 * The file that an import of a model names. Relative paths are settled here; everything else (aliases, packages, paths
 * from Vite's root) is asked of the bundler.
 */
import { statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { ASKED } from './requests.ts';

/** What is used of the contexts that bundlers give to `resolveId`; each has one of the two. */
export interface ResolveContext {
  /** Rollup, Rolldown and Vite have it. */
  resolve?(
    path: string,
    importer: string | undefined,
    options: { readonly skipSelf: boolean },
  ): Promise<{ readonly id: string } | null>;
  /** The other bundlers have it. */
  getNativeBuildContext?(): NativeContext;
}

interface NativeContext {
  readonly build?: {
    resolve(
      path: string,
      options: { readonly kind: string; readonly importer: string; readonly resolveDir: string },
    ): Promise<{ readonly path: string; readonly errors: readonly unknown[] }>;
  };
  readonly compiler?: { readonly resolverFactory: ResolverFactory };
}

interface ResolverFactory {
  get(type: string, options: object): Resolver;
}

interface Resolver {
  resolve(
    context: object,
    folder: string,
    path: string,
    resolveContext: object,
    done: (error: unknown, path?: string | false) => void,
  ): void;
}

/** An absolute path. Undefined: no file is found; the bundler reports that. */
export async function resolveModel(
  context: ResolveContext,
  root: string,
  path: string,
  importer: string | undefined,
): Promise<string | undefined> {
  const folder = importer === undefined ? root : dirname(importer);
  if (/^\.{1,2}\//.test(path) || (isAbsolute(path) && isFile(path))) {
    const file = resolve(folder, path);
    return isFile(file) ? file : undefined;
  }
  const found = await askBundler(context, path, importer, folder);
  const file = found?.replace(/\?.*$/, '');
  return file && isAbsolute(file) && isFile(file) ? file : undefined;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

async function askBundler(
  context: ResolveContext,
  path: string,
  importer: string | undefined,
  folder: string,
): Promise<string | undefined> {
  if (context.resolve) return (await context.resolve(path, importer, { skipSelf: true }))?.id;
  const { build, compiler } = context.getNativeBuildContext?.() ?? {};
  if (build) {
    const options = { kind: 'import-statement', importer: importer ?? '', resolveDir: folder };
    const { path: found, errors } = await build.resolve(`${path}?${ASKED}`, options);
    return errors.length > 0 ? undefined : found;
  }
  if (!compiler) return undefined;
  const resolver = compiler.resolverFactory.get('normal', { dependencyType: 'esm' });
  return new Promise((done) =>
    resolver.resolve({}, folder, `${path}?${ASKED}`, {}, (error, found) =>
      done(error || !found ? undefined : found),
    ),
  );
}
