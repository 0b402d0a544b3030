/**
 * Reads a number of each cache line of a run, as many at once as the machine has reads under way, so that what follows
 * finds the run in the first-level cache. WebAssembly has no prefetch, and processors fetch ahead no further than to the
 * end of a page: filters that are read once would come in line by line otherwise.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, f32Const, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';

/** Floats of a cache line. */
const LINE = 16;
const READS = 8;
const SUMS = 4;

/** The sum of what was read goes to the first vector of `scratch`, or V8 would leave the reads out. */
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
