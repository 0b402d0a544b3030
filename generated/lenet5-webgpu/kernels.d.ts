/**
 * The kernels of lenet5 in WGSL: one entry point each, every shape a constant, activations channels last unless a
 * comment says otherwise. `workgroups` are columns and rows; `bindings` stand in the order of their numbers.
 */
import type { GpuKernel } from './runtime.js';
/** convnet.c1 + relu: direct, 7 pixels x 8 channels */
export declare const conv2d_5x5_1to6_relu: GpuKernel;
/** maxPool: loops */
export declare const maxPool_2x2_s2_6_part1: GpuKernel;
/** maxPool: loops */
export declare const maxPool_2x2_s2_6_part2: GpuKernel;
/** convnet.c3 + relu: direct, 5 pixels x 16 channels */
export declare const conv2d_5x5_6to16_relu: GpuKernel;
/** maxPool2: loops */
export declare const maxPool_2x2_s2_16: GpuKernel;
/** convnet.c5 + relu: direct, 1 pixels x 16 channels */
export declare const conv2d_5x5_16to120_relu: GpuKernel;
/** convnet.c5 + relu: 16 pixels x 32 channels x 16 in a workgroup, 2 x 4 an invocation */
export declare const conv2d_5x5_16to120_relu_tiled: GpuKernel;
/** fc.f6 + relu: dot products, 1 x 4 */
export declare const linear_120to84_relu: GpuKernel;
/** fc.f7: dot products, 1 x 4 */
export declare const linear_84to10_part1: GpuKernel;
/** fc.f7: dot products, 1 x 4 */
export declare const linear_84to10_part2: GpuKernel;
