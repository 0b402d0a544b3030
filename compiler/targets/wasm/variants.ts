/**
 * The two modules of a package: one without relaxed SIMD and one with it. Engines with relaxed SIMD are newer and keep more
 * sums in registers, so kernels may have a variant with a larger register tile. Both read the same operands.
 */
import type { Kernel } from '../../kernel/types.ts';
import type { Program } from '../../program/types.ts';

/** The name of the variants for relaxed SIMD. */
export const RELAXED = 'relaxed';

export interface ModuleOptions {
  /** Multiply-adds with one rounding where the machine has them. Needs relaxed SIMD. */
  readonly relaxed: boolean;
}

/** The different kernels of a module, in the order of first use. A variant has the name of its kernel. */
export function moduleKernels(programs: readonly Program[], { relaxed }: ModuleOptions): readonly Kernel[] {
  const kernels = new Map<Kernel, Kernel>();
  for (const { kernel, variants } of programs.flatMap(({ phases }) => phases.flatMap(({ calls }) => calls))) {
    const variant = relaxed ? variants?.[RELAXED]?.kernel : undefined;
    kernels.set(kernel, variant ? { ...variant, name: kernel.name } : kernel);
  }
  return [...kernels.values()];
}
