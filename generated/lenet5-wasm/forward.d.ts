/**
 * The forward pass, a line a kernel call: the inputs are read from `m`, the outputs are left there.
 * 7 kernel calls, 429 k multiply-adds; `m` holds the activations, `w` the packed weights and constants.
 * `k` are the kernels; arguments are addresses.
 */
import type { Kernels } from './kernels.js';
export declare function forward(k: Kernels): void;
