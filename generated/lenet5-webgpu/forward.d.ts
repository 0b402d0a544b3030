/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 7 kernel calls, 429 k multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 * `family` is the kernel family that `load` has chosen.
 */
import type { Dispatch, KernelFamily } from './runtime.js';
export declare function forward(dispatch: Dispatch, family: KernelFamily): void;
