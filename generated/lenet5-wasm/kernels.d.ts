/** The kernels of lenet5, as kernels.wat shows them. Every shape is a constant; arguments are addresses in bytes. */
import { type WasmOptions } from './runtime.js';
export interface Kernels {
  /** convnet.c1 + relu: direct, 4 pixels x 8 channels, 28 rows */
  conv2d_5x5_1to6_relu(x: number, weight: number, bias: number, out: number): void;
  /** maxPool: windows in registers, 4 channels */
  maxPool_2x2_s2_6(x: number, out: number): void;
  /** convnet.c3 + relu: direct, 4 pixels x 8 channels, 10 rows */
  conv2d_5x5_6to16_relu(x: number, weight: number, bias: number, out: number): void;
  /** maxPool2: windows in registers, 4 channels */
  maxPool_2x2_s2_16(x: number, out: number): void;
  /** convnet.c5 + relu: direct, 4 pixels x 8 channels, 1 rows */
  conv2d_5x5_16to120_relu(x: number, weight: number, bias: number, out: number): void;
  /** fc.f6 + relu: dot products, 1 x 4 */
  linear_120to84_relu(x: number, weight: number, bias: number, out: number): void;
  /** fc.f7: dot products, 1 x 4 */
  linear_84to10(x: number, weight: number, bias: number, out: number): void;
}
/** Compiles what this host can run, over this memory. */
export declare function loadKernels(memory: WebAssembly.Memory, options?: WasmOptions): Promise<Kernels>;
