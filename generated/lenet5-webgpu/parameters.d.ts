/** The tensors of the weight file and their ranges in bytes. They are row-major. */
import type { GpuStagedTensor } from './runtime.js';
/** Size of the GPUBuffer that only `prepare` needs, in bytes. */
export declare const STAGING_BYTES = 192512;
/** What only `prepare` needs. */
export declare const s: {
  /** f32[6,1,5,5], from call 0 to call 0 */
  readonly convnet_c1_weight: {
    readonly space: "staging";
    readonly offset: 9728;
    readonly bytes: 600;
  };
  /** f32[6], from call 0 to call 1 */
  readonly convnet_c1_bias: {
    readonly space: "staging";
    readonly offset: 10496;
    readonly bytes: 24;
  };
  /** f32[16,6,5,5], from call 0 to call 2 */
  readonly convnet_c3_weight: {
    readonly space: "staging";
    readonly offset: 0;
    readonly bytes: 9600;
  };
  /** f32[120,16,5,5], from call 3 to call 3 */
  readonly convnet_c5_weight: {
    readonly space: "staging";
    readonly offset: 0;
    readonly bytes: 192000;
  };
  /** f32[120], from call 3 to call 4 */
  readonly convnet_c5_bias: {
    readonly space: "staging";
    readonly offset: 192000;
    readonly bytes: 480;
  };
};
/** All tensors, with their names and shapes, in the order in which `prepare` needs them. */
export declare const weights: readonly GpuStagedTensor[];
