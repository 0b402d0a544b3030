/**
 * What one core of this machine can do in WebAssembly, measured: 128-bit multiply-adds in twelve chains of registers,
 * which is as many as hide the instruction's latency and fit into V8's registers, and reading memory. As a run goes
 * through all of a package's weights and activations before it comes to the first ones again, as much memory is read, up
 * to 64 MB: what fits into a cache is read from there. The variant is the one that the package's kernels run in.
 */
import { assemble } from '../../host/browser/assemble.ts';

/** `relaxed`: multiply-adds in one instruction. */
export type Variant = 'plain' | 'relaxed';

export interface Ceilings {
  readonly gflops: number;
  readonly gbPerSecond: number;
  /** So much memory was read, again and again. */
  readonly readBytes: number;
}

export interface CeilingMeter {
  readonly variant: Variant;
  /** Measures both once more, some milliseconds each. */
  sample(): void;
  /** The best of all samples: what is slower was disturbed. */
  best(): Ceilings;
}

const CHAINS = 12;
const PEAK_STEPS = 20_000;
const PEAK_BURSTS = 300;
const LANES = 4;
const PAGE = 65_536;
const [LEAST_READ, MOST_READ] = [2 ** 16, 2 ** 26];
/** Longer than the clock's ticks. */
const TIMED_READ = 2 ** 23;
const READS = 3;
/** A step of the loop reads so many vectors of 16 bytes. */
const VECTORS = 8;

/** Assembled once. */
let assembled: Promise<readonly Uint8Array[]> | undefined;

/** The relaxed variant where this host has it, unless `plain` is asked for. `bytes` is what a run goes through. */
export async function createCeilingMeter(bytes: number, plain: boolean): Promise<CeilingMeter> {
  assembled ??= Promise.all([watOf('relaxed'), watOf('plain')].map(assemble));
  const [relaxed, mulAdd] = await assembled;
  const variant = !plain && WebAssembly.validate(relaxed as BufferSource) ? 'relaxed' : 'plain';
  const readBytes = Math.min(MOST_READ, Math.max(LEAST_READ, 2 ** Math.ceil(Math.log2(bytes))));
  const { instance } = await WebAssembly.instantiate(
    (variant === 'relaxed' ? relaxed : mulAdd) as BufferSource,
  );
  const { peak, read, memory } = instance.exports as unknown as Kernels;
  // Pages that nobody has written are all the same one, and in the cache.
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

/** The chains go to 2, so that no number becomes denormal; their sum is returned, so that none is left out. */
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
