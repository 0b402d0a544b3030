/**
 * The measured limits of one core of this machine in WebAssembly: 128-bit multiply-adds and reading memory. Twelve
 * chains of registers hide the latency of the instruction and still fit into V8's registers. A run reads all weights and
 * activations of a package before it reads the first ones again, so the measurement reads that much memory, up to 64 MB.
 * What fits into a cache is then read from the cache. The variant is the one that the kernels of the package use.
 */
import { assemble } from '../../host/browser/assemble.ts';

/** `relaxed`: multiply-adds in one instruction. */
export type Variant = 'plain' | 'relaxed';

export interface Ceilings {
  readonly gflops: number;
  readonly gbPerSecond: number;
  /** Size of the memory that was read repeatedly. */
  readonly readBytes: number;
}

export interface CeilingMeter {
  readonly variant: Variant;
  /** Takes another sample of both, a few milliseconds each. */
  sample(): void;
  /** The best of all samples; slower ones were disturbed by other work. */
  best(): Ceilings;
}

const CHAINS = 12;
const PEAK_STEPS = 20_000;
const PEAK_BURSTS = 300;
const LANES = 4;
const PAGE = 65_536;
const [LEAST_READ, MOST_READ] = [2 ** 16, 2 ** 26];
/** Bytes of a timed read: enough to take longer than the ticks of the clock. */
const TIMED_READ = 2 ** 23;
const READS = 3;
/** Vectors of 16 bytes that one step of the loop reads. */
const VECTORS = 8;

/** The assembled modules, made by the first call. */
let assembled: Promise<readonly Uint8Array[]> | undefined;

/** Uses the relaxed variant if this host has it, unless `plain` is set. `bytes` is the memory that a run reads. */
export async function createCeilingMeter(bytes: number, plain: boolean): Promise<CeilingMeter> {
  assembled ??= Promise.all([watOf('relaxed'), watOf('plain')].map(assemble));
  const [relaxed, mulAdd] = await assembled;
  const variant = !plain && WebAssembly.validate(relaxed as BufferSource) ? 'relaxed' : 'plain';
  const readBytes = Math.min(MOST_READ, Math.max(LEAST_READ, 2 ** Math.ceil(Math.log2(bytes))));
  const { instance } = await WebAssembly.instantiate(
    (variant === 'relaxed' ? relaxed : mulAdd) as BufferSource,
  );
  const { peak, read, memory } = instance.exports as unknown as Kernels;
  // All pages that were never written share one physical page, which stays in the cache.
  new Uint8Array(memory.buffer).fill(1);
  let [gflops, gbPerSecond] = [0, 0];
  return {
    variant,
    sample() {
      for (let i = 0; i < PEAK_BURSTS; i++) {
        const operations = 2 * PEAK_STEPS * CHAINS * LANES;
        gflops = Math.max(gflops, operations / 1e6 / time(() => peak(PEAK_STEPS)));
      }
      for (let i = 0; i < READS; i++) {
        const times = Math.max(1, TIMED_READ / readBytes);
        const ms = time(() => {
          for (let i = 0; i < times; i++) read(readBytes);
        });
        gbPerSecond = Math.max(gbPerSecond, (times * readBytes) / 1e6 / ms);
      }
    },
    best: () => ({ gflops, gbPerSecond, readBytes }),
  };
}

interface Kernels {
  readonly peak: (steps: number) => number;
  readonly read: (bytes: number) => number;
  readonly memory: WebAssembly.Memory;
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The chains converge to 2, so no number becomes denormal. Returning their sum keeps the engine from removing one. */
function watOf(variant: Variant): string {
  const step = (chain: string): string =>
    variant === 'relaxed'
      ? `(f32x4.relaxed_madd ${chain} (local.get $half) (local.get $one))`
      : `(f32x4.add (f32x4.mul ${chain} (local.get $half)) (local.get $one))`;
  const chains = range(CHAINS).map((i) => `$chain${i}`);
  const vectors = range(VECTORS).map((i) => `$sum${i}`);
  const total = (names: readonly string[], add: string): string =>
    names.map((name) => `(local.get ${name})`).reduce((left, right) => `(${add} ${left} ${right})`);
  return `(module
  (memory (export "memory") ${MOST_READ / PAGE})
  (func (export "peak") (param $steps i32) (result f32)
    (local $half v128) (local $one v128) ${chains.map((name) => `(local ${name} v128)`).join(' ')}
    (local.set $half (f32x4.splat (f32.const 0.5)))
    (local.set $one (f32x4.splat (f32.const 1)))
    ${chains.map((name, i) => `(local.set ${name} (f32x4.splat (f32.const ${i})))`).join('\n    ')}
    (loop $again
      ${chains.map((name) => `(local.set ${name} ${step(`(local.get ${name})`)})`).join('\n      ')}
      (br_if $again (local.tee $steps (i32.sub (local.get $steps) (i32.const 1)))))
    (f32x4.extract_lane 0 ${total(chains, 'f32x4.add')}))
  (func (export "read") (param $end i32) (result i32)
    (local $at i32) ${vectors.map((name) => `(local ${name} v128)`).join(' ')}
    (loop $again
      ${vectors
        .map(
          (name, i) =>
            `(local.set ${name} (i32x4.add (local.get ${name}) (v128.load offset=${16 * i} (local.get $at))))`,
        )
        .join('\n      ')}
      (br_if $again
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const ${16 * VECTORS}))) (local.get $end))))
    (i32x4.extract_lane 0 ${total(vectors, 'i32x4.add')})))
`;
}
