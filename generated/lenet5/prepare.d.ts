/**
 * Folds and packs the parameters for the other phases.
 * 3 kernel calls, 0 multiply-adds; `w` holds packed weights and constants, `s` holds what only this phase needs.
 */
import type { Weights } from './memory.js';
import type { Staged } from './parameters.js';
/** `yield` names the tensors of the weight file that must be in their places before the next call. */
export declare function prepare(w: Weights, s: Staged): Generator<readonly string[], void>;
