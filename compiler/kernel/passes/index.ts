/** Kernel passes that are in the tables of several targets. */
import { interchangeLoops } from './interchange.ts';
import { shareKernelIndices } from './shareIndices.ts';
import type { KernelPass } from './types.ts';
import { vectorizePlainLoops } from './vectorize.ts';

/** The first passes of every table. */
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

/** Vectorizes loops that a schedule has not written with vectors. */
export const VECTORIZE: KernelPass = {
  name: 'vectorizeLoops',
  reason: 'after interchangeLoops: neighbouring numbers are the innermost loop then',
  isOptional: true,
  isForTarget: true,
  run: vectorizePlainLoops,
};
