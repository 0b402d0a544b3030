/** The compiler's SHA-256 against that of Node. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha256 } from '../../compiler/driver/sha256.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919 + 3) >> 2);

it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 191, 1000])('hashes %i bytes as Node does', (length) => {
  const given = bytes.subarray(0, length);
  const expected = createHash('sha256').update(given).digest('hex');
  expect(sha256([given])).toBe(expected);
  // However the bytes are cut.
  for (const cut of [1, 7, 63, 64, 70])
    expect(sha256([given.subarray(0, cut), given.subarray(cut, 2 * cut), given.subarray(2 * cut)])).toBe(
      expected,
    );
});
