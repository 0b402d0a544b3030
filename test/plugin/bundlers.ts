/** Bundlers with the plugin, as their documentation says: from a folder of `writeApplication` to one for a server. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import esbuild, { type BuildOptions } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup, type ModuleFormat } from 'rollup';
import { build as buildVite, type PluginOption } from 'vite';
import webpack from 'webpack';
import type { Cnnc, PluginOptions } from '../../compiler/plugin/index.ts';

/** Builds below `root` with the plugin of an installed cnnc; gives the folder. */
export type Bundle = (cnnc: Cnnc, root: string, options?: PluginOptions) => Promise<string>;

const PAGES = ['page', 'worker'];

export const withVite: Bundle = async (cnnc, root, options) => {
  const outDir = join(root, 'dist');
  const input = PAGES.map((page) => join(root, `${page}.html`));
  await buildVite({
    ...{ root, base: './', configFile: false, logLevel: 'error' },
    plugins: [cnnc(options) as PluginOption],
    build: { outDir, rolldownOptions: { input } },
  });
  return outDir;
};

/** Both pages have the program of a module of their own: Rollup knows no workers. */
const inRollup =
  (format: ModuleFormat): Bundle =>
  async (cnnc, root, options) => {
    const bundle = await rollup({
      input: join(root, 'page.js'),
      plugins: [cnnc.rollup(inRoot(root, options))],
    });
    const dir = join(root, 'dist');
    const inOne = format === 'es' ? {} : { inlineDynamicImports: true };
    await bundle.write({ dir, format, entryFileNames: 'js/[name].js', ...inOne });
    writePage(dir, 'js/page.js', format === 'es');
    return dir;
  };

export const withRollup = inRollup('es');
export const withRollupIife = inRollup('iife');

export const withRolldown: Bundle = async (cnnc, root, options) => {
  const bundle = await rolldown({
    input: join(root, 'page.js'),
    plugins: [cnnc.rolldown(inRoot(root, options))],
  });
  const dir = join(root, 'dist');
  await bundle.write({ dir, entryFileNames: 'js/[name].js' });
  writePage(dir, 'js/page.js');
  return dir;
};

/** The root of bundlers that have none is the process' folder: the cache would be this project's. */
const inRoot = (root: string, options: PluginOptions = {}): PluginOptions => ({
  cacheFolder: join(root, 'node_modules', '.cache', 'cnnc'),
  ...options,
});

export const withWebpack: Bundle = async (cnnc, root, options) => {
  const path = join(root, 'dist');
  const compiler = webpack({
    ...{ mode: 'production', context: root, entry: './page.js', performance: false },
    output: { path, filename: 'js/bundle.js' },
    infrastructureLogging: { level: 'error' },
    plugins: [cnnc.webpack(options)],
  });
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
    compiler.run((error, made) => (error ? reject(error) : resolve(made))),
  );
  await new Promise<void>((closed) => compiler.close(() => closed()));
  const { errors = [], warnings = [] } = stats!.toJson({ errors: true, warnings: true });
  const complaints = [...errors, ...warnings].map(({ message }) => message);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  writePage(path, 'js/bundle.js');
  return path;
};

const inEsbuild =
  (given: BuildOptions): Bundle =>
  async (cnnc, root, options) => {
    const outdir = join(root, 'dist');
    await esbuild.build({
      ...{ absWorkingDir: root, entryPoints: ['page.js'], outdir, bundle: true, logLevel: 'silent' },
      entryNames: 'js/[name]',
      plugins: [cnnc.esbuild(options)],
      ...given,
    });
    writePage(outdir, 'js/page.js', given.format === 'esm');
    return outdir;
  };

export const withEsbuild = inEsbuild({ format: 'esm', splitting: true });
export const withEsbuildIife = inEsbuild({ format: 'iife' });

function writePage(folder: string, script: string, isModule = true): void {
  const html = `<!doctype html><link rel="icon" href="data:,"><output></output>`;
  const type = isModule ? ' type="module"' : '';
  writeFileSync(join(folder, 'page.html'), `${html}<script${type} src="./${script}"></script>`);
}

/** Names of the files of a build, without the pages; hashes read `-HASH`. */
export const filesOf = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => /\.(wasm|safetensors)$/.test(name))
    .sort();
