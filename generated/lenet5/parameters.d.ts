/** The tensors of the weight file. They are row-major. */
import type { Weights } from './memory.js';
import type { StagedTensor } from './runtime.js';
/** What only `prepare` needs. */
export interface Staged {
  /** f32[6,1,5,5], from call 0 to call 0 */
  readonly convnet_c1_weight: Float32Array;
  /** f32[16,6,5,5], from call 0 to call 1 */
  readonly convnet_c3_weight: Float32Array;
  /** f32[120,16,5,5], from call 2 to call 2 */
  readonly convnet_c5_weight: Float32Array;
}
/** Creates the memory of `prepare` and its views; offsets are in bytes. */
export declare function createStaged(): Staged;
/** All tensors, with their names and shapes, in the order in which `prepare` needs them. */
export declare function nameWeights(w: Weights, s: Staged): StagedTensor[];
