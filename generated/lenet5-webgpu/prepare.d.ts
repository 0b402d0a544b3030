/**
 * Folds and packs the parameters for the other phases.
 * 5 kernel calls, 0 multiply-adds; `w` holds packed weights and constants, `s` holds what only this phase needs.
 */
import type { Dispatch } from './runtime.js';
/** `yield` names the tensors of the weight file that must be in their places before the next call. */
export declare function prepare(dispatch: Dispatch): Generator<readonly string[], void>;
