/**
 * Runs bundlers as their documentation describes, from a folder of `writePages` to a folder that a server can serve.
 * The result has a `page.html` again, for one program.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollup } from 'rollup';
import { build as buildVite } from 'vite';
import webpack from 'webpack';
import { esbuild } from './esbuild.ts';

/** What the page's address begins with, after the host. */
export async function bundleWithVite(root: string, base: string): Promise<string> {
  const outDir = join(root, 'dist');
  const input = ['page.html', 'worker.html'].map((page) => join(root, page));
  await buildVite({
    root,
    base,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, rolldownOptions: { input } },
  });
  return outDir;
}

/** One program; webpack leaves the page to plugins, or to us. */
export async function bundleWithWebpack(root: string, page: string): Promise<string> {
  const path = join(root, 'dist');
  const compiler = webpack({
    mode: 'production',
    context: root,
    entry: `./${page}.js`,
    output: { path, filename: 'bundle.js' },
    // A warning would be one for the user to wonder at.
    performance: false,
  });
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
    compiler.run((error, made) => (error ? reject(error) : resolve(made))),
  );
  await new Promise<void>((closed) => compiler.close(() => closed()));
  const { errors = [], warnings = [] } = stats!.toJson({ errors: true, warnings: true });
  const complaints = [...errors, ...warnings].map(({ message }) => message);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  writePage(path, page, 'bundle.js');
  return path;
}

export async function bundleWithEsbuild(
  root: string,
  pages: readonly string[],
  loader: Readonly<Record<string, string>> = {},
): Promise<string> {
  const outdir = join(root, 'dist');
  await esbuild.build({
    entryPoints: pages.map((page) => join(root, `${page}.js`)),
    outdir,
    ...{ bundle: true, format: 'esm', splitting: true, minify: true, logLevel: 'error' },
    loader,
  });
  for (const page of pages) writePage(outdir, page, `${page}.js`);
  return outdir;
}

/** One script without modules, for pages that are opened as files. */
export async function bundleIntoOneScript(root: string, page: string): Promise<string> {
  const folder = join(root, 'dist');
  const outfile = join(folder, 'bundle.js');
  const entryPoints = [join(root, `${page}.js`)];
  // An empty `import.meta` is a warning.
  await esbuild.build({
    entryPoints,
    outfile,
    bundle: true,
    format: 'iife',
    minify: true,
    logLevel: 'error',
  });
  const text = `<!doctype html><meta charset="utf-8"><output></output><script src="bundle.js"></script>`;
  writeFileSync(join(folder, `${page}.html`), text);
  return folder;
}

/** Bundles without a plugin: Rollup leaves addresses of files as they are. */
export async function bundleWithRollup(root: string, page: string): Promise<string> {
  const dir = join(root, 'dist');
  const warnings: string[] = [];
  const bundle = await rollup({
    input: join(root, `${page}.js`),
    onwarn: ({ message }) => void warnings.push(message),
  });
  await bundle.write({ dir, format: 'es' });
  await bundle.close();
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  writePage(dir, page, `${page}.js`);
  return dir;
}

function writePage(folder: string, page: string, script: string): void {
  const html = `<!doctype html><link rel="icon" href="data:,"><output></output>`;
  const text = `${html}<script type="module" src="./${script}"></script>`;
  writeFileSync(join(folder, `${page}.html`), text);
}
