/** The kernels of lenet5; kernels.wat has their code. Arguments are addresses in bytes. Every shape is a constant. */

import { instantiateWasm } from './runtime.js';

/** Compiles the variant that this host supports, and connects it to the memory. */
export async function loadKernels(memory, options = {}) {
  const variants = {
    plain: () => new URL('./kernels.wasm', import.meta.url),
    relaxed: () => new URL('./kernels.relaxed.wasm', import.meta.url),
  };
  return (await instantiateWasm('lenet5', memory, variants, options));
}
