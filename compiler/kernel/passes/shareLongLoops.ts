/**
 * Shares the long loops of a plain kernel. Postcondition: nests that cooperate.ts turns into a workgroup's work are
 * blocks with their own grid; the others are blocks of plain loops, with vectors where possible. Returns the kernel
 * unchanged if there is nothing to share.
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
