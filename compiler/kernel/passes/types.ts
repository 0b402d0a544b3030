/** What a kernel pass is. Targets list theirs in a table, `lower` runs the table, and the verifier runs after each pass. */
import type { Kernel } from '../types.ts';

export interface KernelPass {
  /** As `--dump-ir`, `--timings` and `--disable-pass` name it. */
  readonly name: string;
  /** Why it stands at its place in the table. */
  readonly reason: string;
  /** Whether results stay correct without it, so that a user may switch it off. */
  readonly isOptional: boolean;
  /** The kernel, or another one that computes the same. The same object where nothing changes. */
  run(kernel: Kernel): Kernel;
  /** Default: all kernels. */
  readonly appliesTo?: (site: KernelSite) => boolean;
  /**
   * Changes the kernels of this variant only. A call that has no such variant gets one, where the pass changes its
   * kernel.
   */
  readonly variant?: string;
  /** What the call's schedule says after the pass has changed its kernel. */
  readonly note?: string;
  /** The result is for the target alone. Kernels that the compiler itself runs are taken before such a pass. */
  readonly isForTarget: boolean;
}

/** Where a kernel comes from. */
export interface KernelSite {
  /** Built from the operator's own loops, not by a schedule of the target. */
  readonly isPlainLoops: boolean;
  /** Runs once, on parameters: the compiler may run it itself. */
  readonly isPreparation: boolean;
}
