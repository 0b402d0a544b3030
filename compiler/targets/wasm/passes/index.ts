/** The kernel passes of the WebAssembly target. */
import { FIRST_PASSES, VECTORIZE } from '../../../kernel/passes/index.ts';
import type { KernelPass } from '../../../kernel/passes/types.ts';
import { hoistConstants } from './hoistConstants.ts';
import { outlineLoops } from './outlineLoops.ts';

export const kernelPasses: readonly KernelPass[] = [
  ...FIRST_PASSES,
  VECTORIZE,
  {
    name: 'outlineLoops',
    reason: 'after all passes that change what runs: it counts statements',
    isOptional: true,
    isForTarget: true,
    run: outlineLoops,
  },
  {
    name: 'hoistConstants',
    reason: 'last: a function has no access to variables outside of its loop',
    isOptional: true,
    isForTarget: true,
    run: hoistConstants,
  },
];
