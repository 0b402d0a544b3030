/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 7 kernel calls, 429 k multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 * `k` holds the kernels; their arguments are addresses.
 */
import type { Kernels } from './kernels.js';
export declare function forward(k: Kernels): void;
