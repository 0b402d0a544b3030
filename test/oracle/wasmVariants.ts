/** Both ways in which a wasm package can be loaded. Imported before anything is compiled. */
import { setFlagsFromString } from 'node:v8';
import type { Variant } from './packages.ts';

// Node 20 has relaxed SIMD behind a flag.
setFlagsFromString('--experimental-wasm-relaxed-simd');

export const WASM_VARIANTS: readonly Variant[] = [
  { name: 'plain SIMD', settings: { relaxedSimd: false } },
  { name: 'relaxed SIMD', settings: { relaxedSimd: true } },
];
