/**
 * The memory layout of lenet5: ranges of GPUBuffers, in bytes.
 * Activations share an arena of 23.8 kB; at most 23.8 kB are in use at a time.
 * Weights are written from the weight file, or computed from it by `prepare`.
 */
import type { GpuConstant } from './runtime.js';
/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
export declare const sizes: {
  readonly arena: 23808;
  readonly weights: 261376;
  readonly binding: 204800;
};
/** The activations. */
export declare const m: {
  /** f32[1,1,32,32], from the start to call 0 */
  readonly image: {
    readonly space: "arena";
    readonly offset: 18944;
    readonly bytes: 4096;
  };
  /** f32[1,6,28,28], nhwc, from call 0 to call 1 */
  readonly convnet_c1: {
    readonly space: "arena";
    readonly offset: 0;
    readonly bytes: 18816;
  };
  /** f32[1,6,14,14], nhwc, from call 1 to call 2 */
  readonly maxPool: {
    readonly space: "arena";
    readonly offset: 18944;
    readonly bytes: 4704;
  };
  /** f32[1,16,10,10], nhwc, from call 2 to call 3 */
  readonly convnet_c3: {
    readonly space: "arena";
    readonly offset: 0;
    readonly bytes: 6400;
  };
  /** f32[1,16,5,5], nhwc, from call 3 to call 4 */
  readonly maxPool2: {
    readonly space: "arena";
    readonly offset: 6400;
    readonly bytes: 1600;
  };
  /** f32[1,120,1,1], from call 4 to call 5 */
  readonly convnet_c5: {
    readonly space: "arena";
    readonly offset: 0;
    readonly bytes: 480;
  };
  /** f32[1,84], from call 5 to call 6 */
  readonly fc_f6: {
    readonly space: "arena";
    readonly offset: 512;
    readonly bytes: 336;
  };
  /** f32[1,10], from call 6 to the end */
  readonly logits: {
    readonly space: "arena";
    readonly offset: 0;
    readonly bytes: 40;
  };
};
/** The weights in the layouts that the kernels read, and constants. */
export declare const w: {
  /** f32[16] */
  readonly convnet_c3_bias: {
    readonly space: "weights";
    readonly offset: 0;
    readonly bytes: 64;
  };
  /** f32[84,120] */
  readonly fc_f6_weight: {
    readonly space: "weights";
    readonly offset: 256;
    readonly bytes: 40320;
  };
  /** f32[84] */
  readonly fc_f6_bias: {
    readonly space: "weights";
    readonly offset: 40704;
    readonly bytes: 336;
  };
  /** f32[10,84] */
  readonly fc_f7_weight: {
    readonly space: "weights";
    readonly offset: 41216;
    readonly bytes: 3360;
  };
  /** f32[10] */
  readonly fc_f7_bias: {
    readonly space: "weights";
    readonly offset: 44800;
    readonly bytes: 40;
  };
  /** f32[6,1,5,5], ohwi8 */
  readonly convnet_c1_weight_ohwi8: {
    readonly space: "weights";
    readonly offset: 45056;
    readonly bytes: 800;
  };
  /** f32[6], o8 */
  readonly convnet_c1_bias_o8: {
    readonly space: "weights";
    readonly offset: 46080;
    readonly bytes: 32;
  };
  /** f32[16,6,5,5], ohwi16 */
  readonly convnet_c3_weight_ohwi16: {
    readonly space: "weights";
    readonly offset: 46336;
    readonly bytes: 9600;
  };
  /** f32[120,16,5,5], ohwi16 */
  readonly convnet_c5_weight_ohwi16: {
    readonly space: "weights";
    readonly offset: 56064;
    readonly bytes: 204800;
  };
  /** f32[120], o16 */
  readonly convnet_c5_bias_o16: {
    readonly space: "weights";
    readonly offset: 260864;
    readonly bytes: 512;
  };
};
/** The program's constants and their places. */
export declare const constants: readonly GpuConstant[];
