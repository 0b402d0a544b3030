/**
 * A plain kernel with its long loops shared. Postcondition: nests of which cooperate.ts makes a workgroup's work are
 * blocks with a grid of their own, the others are blocks of plain loops, in vectors where they can be. The kernel itself
 * where there is none to share.
 */
import { cooperate } from './cooperate.ts';
import { partsOf } from './parallelize.ts';
import type { Kernel, Statement } from '../types.ts';
import { usesVectors } from '../usesVectors.ts';
import { vectorizeLoops } from './vectorize.ts';

export function shareLongLoops(kernel: Kernel): Kernel {
  if (kernel.grid) return kernel;
  const parts = partsOf(kernel).map(({ kernel: part }) => ({ part, shared: cooperate(part) }));
  if (!parts.some(({ shared }) => shared)) return kernel;
  const inVectors = (part: Kernel): Kernel => (usesVectors(kernel) ? part : vectorizeLoops(part));
  const notes = parts.flatMap(({ part, shared }) => shared?.comment.slice(part.comment.length) ?? []);
  const blocks = parts.map(({ part, shared }): Statement => {
    const { grid, body } = shared ?? (part.grid ? part : inVectors(part));
    const block = { kind: 'block', comment: shared ? 'by a workgroup' : 'by an invocation', body } as const;
    return grid ? { ...block, grid } : block;
  });
  return { ...kernel, comment: [...kernel.comment, ...notes], body: blocks };
}
