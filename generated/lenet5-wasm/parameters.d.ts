/** The tensors of the weight file and their addresses in bytes. They are row-major. */
import type { StagedTensor } from './runtime.js';
/** What only `prepare` needs. It shares the memory of the activations. */
export declare const s: {
  /** f32[6,1,5,5], from call 0 to call 0 */
  readonly convnet_c1_weight: 256832;
  /** f32[16,6,5,5], from call 0 to call 1 */
  readonly convnet_c3_weight: 247232;
  /** f32[120,16,5,5], from call 2 to call 2 */
  readonly convnet_c5_weight: 247232;
};
/** Views of the places of all tensors, with their names and shapes, in the order in which `prepare` needs them. */
export declare function nameWeights(buffer: ArrayBuffer): StagedTensor[];
