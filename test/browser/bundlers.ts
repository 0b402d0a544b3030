/**
 * Runs bundlers as their documentation describes, from a folder of `writePages` to a folder that a server can serve.
 * The result has a `page.html` again, for one program.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

function writePage(folder: string, page: string, script: string): void {
  const html = `<!doctype html><link rel="icon" href="data:,"><output></output>`;
  const text = `${html}<script type="module" src="./${script}"></script>`;
  writeFileSync(join(folder, `${page}.html`), text);
}
