/** The wasm target's ways to compile a model for inference. */
import type { Way } from './agreement.ts';

/** Sums of up to 4608 products in f32, fifty layers: tens of roundings of 6e-8 each. */
const EXACT = 1e-4;
/** Winograd's F(4x4) is off by 1e-5 to 1e-4 of the largest number a layer at worst; at random weights by less. */
const WINOGRAD = 2e-4;

export const WASM_WAYS: readonly Way[] = [
  { name: 'wasm', target: 'wasm', tolerance: WINOGRAD },
  { name: 'wasm, relaxed SIMD', target: 'wasm', machine: { relaxed: true }, tolerance: WINOGRAD },
  { name: 'wasm, exact', target: 'wasm', exact: true, tolerance: EXACT },
];
