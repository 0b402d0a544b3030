/**
 * Runtimes of JavaScript from npm (test/hosts/package.json). Where one is not installed, its tests are skipped and say
 * so; with `CI=true` they fail instead.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import type { Said } from '../browser/chromium.ts';

export interface Runtime {
  readonly name: string;
  /** Its folder in `node_modules`, which `package-lock.json` names as well. */
  readonly folder: string;
  readonly binary: string;
  /** Whether it has relaxed SIMD, and with it multiply-adds that round once. */
  readonly fuses: boolean;
  /** Flags that come before the program. */
  readonly flags: readonly string[];
}

/** Those that run a program from a file and print what it prints. */
export const PROCESSES: readonly Runtime[] = [
  { name: 'Node 20', folder: 'node20', binary: 'bin/node', fuses: false, flags: [] },
  { name: 'Node 22', folder: 'node22', binary: 'bin/node', fuses: true, flags: [] },
  { name: 'Node 24', folder: 'node24', binary: 'bin/node', fuses: true, flags: [] },
  { name: 'Bun', folder: '@oven/bun-linux-x64', binary: 'bin/bun', fuses: false, flags: [] },
  {
    name: 'Deno',
    folder: '@deno/linux-x64-glibc',
    binary: 'deno',
    fuses: true,
    flags: ['run', '--allow-read'],
  },
];

export const WORKERD: Runtime = {
  name: 'workerd',
  folder: '@cloudflare/workerd-linux-64',
  binary: 'bin/workerd',
  fuses: true,
  flags: [],
};

export const HOSTS = fileURLToPath(new URL('.', import.meta.url));

export const binaryOf = ({ folder, binary }: Runtime): string => join(HOSTS, 'node_modules', folder, binary);

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

/** The version that is pinned, by a package's folder in `node_modules`. */
export function lockedVersion(lock: string, folder: string): string {
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as Lock;
  const found = packages[`node_modules/${folder}`];
  if (!found) throw new Error(`${lock} has no ${folder}`);
  return found.version;
}

const MISSING = 'needs `npm ci --prefix test/hosts`, on Linux on x86-64';

/** `describe` for a runtime. */
export function describeOn(one: Runtime, body: () => void): void {
  if (existsSync(binaryOf(one))) {
    describe(one.name, body);
    return;
  }
  describe(one.name, () => {
    if (process.env['CI'] === 'true') {
      it(MISSING, () => {
        throw new Error(MISSING);
      });
    } else it.skip(MISSING);
  });
}

/** What a program in the folder prints, which sees nothing of this process' environment. */
export const runOn = (one: Runtime, folder: string, file: string): string =>
  execFileSync(binaryOf(one), [...one.flags, file], {
    cwd: folder,
    // What they keep between runs, they keep there.
    env: { HOME: folder, DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' },
    encoding: 'utf8',
    timeout: 60_000,
  });

/** What `node.js` of `writePages` says there. */
export const sayOn = (one: Runtime, folder: string): Said =>
  JSON.parse(runOn(one, folder, 'node.js')) as Said;
