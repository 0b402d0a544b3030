/**
 * The wasm target's packages against PyTorch, with and without relaxed SIMD: forward, loss, every gradient, and three
 * steps of one optimizer a net, each of them in its turn; wasm.slow.test.ts takes all of them.
 */
import { vi } from 'vitest';
import { optimizerNames } from './oracle.ts';
import { describeOracle } from './packages.ts';
import { WASM_VARIANTS } from './wasmVariants.ts';

// Formatting changes no number; training.test.ts runs formatted packages.
vi.mock('prettier', () => ({ format: (source: string) => Promise.resolve(source) }));

describeOracle({
  target: 'wasm',
  variants: WASM_VARIANTS,
  optimizersOf: (index) => [optimizerNames[index % optimizerNames.length]!],
});
