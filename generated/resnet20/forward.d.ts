/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 23 kernel calls, 40.8 M multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 */
import type { Memory, Weights } from './memory.js';
export declare function forward(m: Memory, w: Weights): void;
