/** npm, as users call it. What fails throws with what was printed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../support/imports.ts';

export { projectRoot };

/** Packs this checkout into the folder, which builds `dist/`; returns the tarball's path. */
export function packCnnc(folder: string): string {
  const printed = run(projectRoot, 'npm', ['pack', '--json', '--pack-destination', folder]);
  // The build prints before the JSON.
  const [{ filename }] = JSON.parse(printed.slice(printed.lastIndexOf('\n[') + 1)) as [{ filename: string }];
  return join(folder, filename);
}

export const install = (folder: string, packages: readonly string[]): string =>
  run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages]);

/** A command of a package that is installed in the folder. */
export const npx = (folder: string, ...args: string[]): string =>
  run(folder, 'npx', ['--no-install', ...args]);

function run(folder: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', VITEST: '', NO_COLOR: '1' },
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}
