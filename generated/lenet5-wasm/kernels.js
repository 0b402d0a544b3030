/** The kernels of lenet5, as kernels.wat shows them. Every shape is a constant; arguments are addresses in bytes. */

import { instantiateWasm } from './runtime.js';

/** Compiles what this host can run, over this memory. */
export async function loadKernels(memory, options = {}) {
  const variants = {
    plain: () => new URL('./kernels.wasm', import.meta.url),
    relaxed: () => new URL('./kernels.relaxed.wasm', import.meta.url),
  };
  return (await instantiateWasm('lenet5', memory, variants, options));
}
