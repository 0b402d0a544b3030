/** The kernels of lenet5; kernels.wat has their code. Every shape is a constant; arguments are addresses in bytes. */

import { instantiateWasm } from './runtime.js';

/** Compiles the variant that this host supports, and connects it to the memory. */
export async function loadKernels(memory, options = {}) {
  const variants = {
    plain: () => new URL('./kernels.wasm', import.meta.url),
    relaxed: () => new URL('./kernels.relaxed.wasm', import.meta.url),
  };
  return (await instantiateWasm('lenet5', memory, variants, options));
}
