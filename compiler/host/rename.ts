/**
 * Renames a file or a folder. On Windows this fails while another program, such as a virus scanner or an editor, has a
 * file of the folder open. Usually that takes only a moment, so these errors are retried a few times.
 */
import { renameSync } from 'node:fs';

const BUSY: readonly (string | undefined)[] = ['EPERM', 'EBUSY', 'EACCES'];
/** Milliseconds before each further attempt. */
const WAITS = [10, 40, 100, 200];

export function renameWithRetries(from: string, to: string, wait: (ms: number) => void = block): void {
  for (const ms of WAITS) {
    try {
      return renameSync(from, to);
    } catch (error) {
      if (!BUSY.includes((error as NodeJS.ErrnoException).code)) throw error;
      wait(ms);
    }
  }
  renameSync(from, to);
}

/** Blocks the thread, because packages are written synchronously. */
const block = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
