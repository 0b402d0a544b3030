/**
 * A plain kernel with its long loops shared: nests of which cooperate.ts makes a workgroup's work are blocks with a grid of
 * their own, the others as they were. Undefined where there is none.
 */
import { cooperate } from './cooperate.ts';
import { partsOf } from './parallelize.ts';
import type { Kernel, Statement } from '../types.ts';
import { usesVectors } from '../usesVectors.ts';
import { vectorizeLoops } from './vectorize.ts';

export function shareLongLoops(kernel: Kernel): Kernel | undefined {
  if (kernel.grid) return undefined;
  const parts = partsOf(kernel).map(({ kernel: part }) => ({ part, shared: cooperate(part) }));
  const notes = parts.flatMap(({ part, shared }) => shared?.comment.slice(part.comment.length) ?? []);
  if (!parts.some(({ shared }) => shared)) return undefined;
  // Blocks with a grid make a kernel one of vectors, which nobody vectorizes.
  const inVectors = (part: Kernel): Kernel => (usesVectors(kernel) ? part : vectorizeLoops(part));
  const blocks = parts.map(({ part, shared }): Statement => {
    const { grid, body } = shared ?? (part.grid ? part : inVectors(part));
    const block = { kind: 'block', comment: shared ? 'by a workgroup' : 'by an invocation', body } as const;
    return grid ? { ...block, grid } : block;
  });
  return { ...kernel, comment: [...kernel.comment, ...notes], body: blocks };
}
