/**
 * Reads one number of each cache line of a run, so that the code that follows finds the run in the first-level cache.
 * Many reads are in flight at once. WebAssembly has no prefetch instruction, and processors prefetch only to the end of
 * a page, so filters that are read once would otherwise arrive line by line.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, f32Const, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';

/** The number of floats in a cache line. */
const LINE = 16;
const READS = 8;
const SUMS = 4;

/** Reads the run. The sum is stored in the first vector of `scratch`, because V8 would remove unused reads. */
export function touchRun(k: KernelBuilder, buffer: string, at: Expr, length: number, scratch: string): void {
  const step = LINE * READS;
  if (length < step) return;
  const sums = Array.from({ length: SUMS }, (_, i) => k.variable(`touched${i}`, splat(f32Const(0)), 'f32x4'));
  k.for(
    'line',
    0,
    length - (length % step),
    (line) => {
      const from = k.let('from', add(at, line));
      for (let i = 0; i < READS; i++) {
        const sum = sums[i % SUMS]!;
        k.assign(sum, add(sum, k.load(buffer, add(from, i * LINE), 'f32x4')));
      }
    },
    { step },
  );
  k.store(scratch, 0, add(add(sums[0]!, sums[1]!), add(sums[2]!, sums[3]!)));
}
