/**
 * The type of a kernel pass. Targets list their passes in a table. `lower` runs the table, and the verifier runs
 * after each pass.
 */
import type { Kernel } from '../types.ts';

export interface KernelPass {
  /** Name for `--dump-ir`, `--timings` and `--disable-pass`. */
  readonly name: string;
  /** Reason for its place in the table. */
  readonly reason: string;
  /** Whether results are also correct without it, so that a user may switch it off. */
  readonly isOptional: boolean;
  /** Returns the kernel, or another one that computes the same. Returns the same object if nothing changes. */
  run(kernel: Kernel): Kernel;
  /** Selects kernels; default: all. */
  readonly appliesTo?: (site: KernelSite) => boolean;
  /**
   * The pass changes only the kernels of this variant. A call without the variant gets one if the pass changes its
   * kernel.
   */
  readonly variant?: string;
  /** Text that is added to the call's schedule if the pass has changed its kernel. */
  readonly note?: string;
  /**
   * Whether only the target can run the result. Kernels that the compiler itself runs are taken before such a pass.
   */
  readonly isForTarget: boolean;
}

/** The origin of a kernel. */
export interface KernelSite {
  /** True if it was built from the operator's own loops, not by a schedule of the target. */
  readonly isPlainLoops: boolean;
  /** True if it runs once, on parameters. The compiler may run it. */
  readonly isPreparation: boolean;
}
