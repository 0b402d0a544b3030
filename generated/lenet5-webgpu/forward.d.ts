/**
 * The forward pass, a line a kernel call: the inputs are read from `m`, the outputs are left there.
 * 7 kernel calls, 429 k multiply-adds; `m` holds the activations, `w` the packed weights and constants.
 * `family` is what the model chose for its adapter when it was loaded.
 */
import type { Dispatch, KernelFamily } from './runtime.js';
export declare function forward(dispatch: Dispatch, family: KernelFamily): void;
