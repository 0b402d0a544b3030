/**
 * The test data outside the repository (real weights, photos, oracle nets): `CNNC_TESTDATA`, by default
 * `../shared/testdata` from the project's root. Where the folder is missing the tests that need it are
 * skipped and say so; with `CI=true` they fail instead.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const root = resolve(projectRoot, process.env['CNNC_TESTDATA'] ?? '../shared/testdata');

export const hasTestdata: boolean = existsSync(root);

/** The absolute path of a file of the test data: `testdata('nets/mnist-lenet5/weights.safetensors')`. */
export const testdata = (path: string): string => resolve(root, path);

/** `describe` whose body runs only where the test data is; it may read files while tests are collected. */
export function describeWithTestdata(name: string, body: () => void): void {
  if (hasTestdata) {
    describe(name, body);
    return;
  }
  const message = `needs the test data: ${root} is missing, set CNNC_TESTDATA`;
  describe(name, () => {
    if (process.env['CI'] === 'true') {
      it(message, () => {
        throw new Error(message);
      });
    } else it.skip(message);
  });
}
