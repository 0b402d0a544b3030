/** The kernel passes of the WebGPU target. */
import { FIRST_PASSES, VECTORIZE } from '../../../kernel/passes/index.ts';
import { parallelize } from '../../../kernel/passes/parallelize.ts';
import { shareLongLoops } from '../../../kernel/passes/shareLongLoops.ts';
import type { KernelPass } from '../../../kernel/passes/types.ts';
import { TILED, type Family } from '../families.ts';
import { branchOnLoads } from './branchOnLoads.ts';
import { renameWords } from './renameWords.ts';

/** `family` is set if the package has the kernels of one family only. */
export const kernelPasses = (family: Family | undefined): readonly KernelPass[] => [
  ...FIRST_PASSES,
  ...(family === 'blocked' ? [] : [{ ...SHARE_LONG_LOOPS, ...(family ? {} : { variant: TILED }) }]),
  VECTORIZE,
  {
    name: 'parallelize',
    reason: 'after vectorizeLoops: an invocation takes one iteration, of vectors where there are any',
    isOptional: false,
    isForTarget: true,
    run: parallelize,
  },
  {
    name: 'branchOnLoads',
    reason: 'after parallelize: it names values for each grid by itself',
    isOptional: false,
    isForTarget: true,
    run: branchOnLoads,
  },
  {
    name: 'renameWords',
    reason: 'last: the passes before it make names',
    isOptional: false,
    isForTarget: true,
    run: renameWords,
  },
];

/** Only `tiled` kernels have barriers: CPUs that emulate a GPU wait too long at them. */
const SHARE_LONG_LOOPS: KernelPass = {
  name: 'shareLongLoops',
  reason: 'before vectorizeLoops: it needs plain loops, and decides itself what they do in vectors',
  isOptional: true,
  isForTarget: true,
  appliesTo: ({ isPreparation }) => !isPreparation,
  note: 'long ones by workgroups',
  run: shareLongLoops,
};
