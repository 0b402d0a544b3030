/**
 * Folds and packs the parameters for the other phases.
 * 3 kernel calls, 0 multiply-adds; `w` holds packed weights and constants, `s` holds what only this phase needs.
 * `k` holds the kernels; their arguments are addresses.
 */
import type { Kernels } from './kernels.js';
/** `yield` names the tensors of the weight file that must be in their places before the next call. */
export declare function prepare(k: Kernels): Generator<readonly string[], void>;
