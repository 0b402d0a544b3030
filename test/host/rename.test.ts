/** Renames that fail while another program has the folder open, as on Windows. */
import * as fs from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renameWithRetries } from '../../compiler/host/rename.ts';

vi.mock('node:fs', async (importOriginal) => ({
  ...(await importOriginal<typeof fs>()),
  renameSync: vi.fn(),
}));
const rename = vi.mocked(fs.renameSync);
afterEach(() => void rename.mockReset());

/** Lets the next `times` renames fail. */
function failing(code: string, times: number): void {
  for (let i = 0; i < times; i++)
    rename.mockImplementationOnce(() => {
      throw Object.assign(new Error(`${code}: rename`), { code });
    });
}

describe('renameWithRetries', () => {
  it.each(['EPERM', 'EBUSY', 'EACCES'])('tries again after %s, with longer waits', (code) => {
    const waits: number[] = [];
    failing(code, 3);
    renameWithRetries('old', 'new', (ms) => waits.push(ms));
    expect(rename.mock.calls).toEqual(Array(4).fill(['old', 'new']));
    expect(waits).toEqual([10, 40, 100]);
  });

  it('reports the error when the folder stays open', () => {
    failing('EBUSY', 5);
    expect(() => renameWithRetries('old', 'new', () => undefined)).toThrow('EBUSY: rename');
    expect(rename).toHaveBeenCalledTimes(5);
  });

  it('does not repeat other errors', () => {
    failing('ENOENT', 1);
    const wait = vi.fn();
    expect(() => renameWithRetries('old', 'new', wait)).toThrow('ENOENT: rename');
    expect([rename.mock.calls.length, wait.mock.calls.length]).toEqual([1, 0]);
  });

  it('waits by itself', () => {
    failing('EPERM', 1);
    const started = performance.now();
    renameWithRetries('old', 'new');
    expect(performance.now() - started).toBeGreaterThan(8);
  });
});
