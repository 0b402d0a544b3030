/** The kernel passes of the WebAssembly target. */
import { FIRST_PASSES, VECTORIZE } from '../../../kernel/passes/index.ts';
import type { KernelPass } from '../../../kernel/passes/types.ts';
import { outlineLoops } from './outlineLoops.ts';

export const kernelPasses: readonly KernelPass[] = [
  ...FIRST_PASSES,
  VECTORIZE,
  {
    name: 'outlineLoops',
    reason: 'last: it counts the statements that run',
    isOptional: true,
    isForTarget: true,
    run: outlineLoops,
  },
];
