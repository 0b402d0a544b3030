/**
 * The forward pass, a line a kernel call: the inputs are read from `m`, the outputs are left there.
 * 7 kernel calls, 429 k multiply-adds; `m` holds the activations, `w` the packed weights and constants.
 */
import type { Dispatch } from './runtime.js';
export declare function forward(dispatch: Dispatch): void;
