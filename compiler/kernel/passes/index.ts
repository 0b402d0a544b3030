/** Kernel passes that several targets have in their tables. */
import { interchangeLoops } from './interchange.ts';
import { shareKernelIndices } from './shareIndices.ts';
import type { KernelPass } from './types.ts';
import { vectorizePlainLoops } from './vectorize.ts';

/** What every table begins with. */
export const FIRST_PASSES: readonly KernelPass[] = [
  {
    name: 'shareIndices',
    reason: 'first: builders spell out each index',
    isOptional: true,
    isForTarget: false,
    run: shareKernelIndices,
  },
  {
    name: 'interchangeLoops',
    reason: "before loops become vectors or invocations: the operator's own loops know shapes, not layouts",
    isOptional: true,
    isForTarget: false,
    appliesTo: ({ isPlainLoops }) => isPlainLoops,
    run: interchangeLoops,
  },
];

/** Loops that a schedule has not written in vectors. */
export const VECTORIZE: KernelPass = {
  name: 'vectorizeLoops',
  reason: 'after interchangeLoops: neighbouring numbers are the innermost loop then',
  isOptional: true,
  isForTarget: true,
  run: vectorizePlainLoops,
};
