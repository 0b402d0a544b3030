/** Finds the peers, and reports how to install those that are missing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PEERS = fileURLToPath(new URL('./peers', import.meta.url));
const INSTALL = 'npm ci --ignore-scripts --prefix test/bench/peers';

export const peerFile = (path: string): string => join(PEERS, 'node_modules', path);

export const isPeerInstalled = (name: string): boolean => existsSync(peerFile(name));

export function requirePeers(names: readonly string[]): void {
  const missing = names.filter((name) => !isPeerInstalled(name));
  if (missing.length > 0)
    throw new BenchError(
      `${missing.join(', ')} not installed; the benches have packages of their own: ${INSTALL}`,
    );
}

export const peerVersion = (name: string): string =>
  (JSON.parse(readFileSync(peerFile(`${name}/package.json`), 'utf8')) as { version: string }).version;

/** An error that is printed without a stack trace: something outside of the harness is missing or wrong. */
export class BenchError extends Error {}
