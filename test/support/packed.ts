/** cnnc as npm installs it: JavaScript in `node_modules`, and no sources of the compiler. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface PackOptions {
  /** Declarations as well, which take most of the time. */
  readonly declarations?: boolean;
}

/** Installs it below a new folder, where it finds its dependencies; gives the path of the package. */
export function packInto(folder: string, { declarations = false }: PackOptions = {}): string {
  const installed = join(folder, 'node_modules', 'cnnc');
  mkdirSync(installed, { recursive: true });
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] };
  const copied = ['package.json', ...files.filter((name) => name !== 'dist' && existsSync(name))];
  for (const name of copied) cpSync(name, join(installed, name), { recursive: true });
  const build = [
    'node_modules/tsdown/dist/run.mjs',
    ...(declarations ? [] : ['--no-dts']),
    '--logLevel',
    'error',
  ];
  execFileSync(process.execPath, [...build, '--out-dir', join(installed, 'dist')]);
  symlinkSync(join(process.cwd(), 'node_modules'), join(installed, 'node_modules'), 'dir');
  return installed;
}
