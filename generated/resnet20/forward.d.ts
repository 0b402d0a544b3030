/**
 * The forward pass, a line a kernel call: the inputs are read from `m`, the outputs are left there.
 * 23 kernel calls, 40.8 M multiply-adds; `m` holds the activations, `w` the packed weights and constants.
 */
import type { Memory, Weights } from './memory.js';
export declare function forward(m: Memory, w: Weights): void;
