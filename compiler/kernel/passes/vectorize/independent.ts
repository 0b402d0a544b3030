/**
 * Four iterations of a loop whose iterations do not depend on each other become the four lanes of vectors. Around
 * inner loops several vectors run in parallel, for more sums at a time and for whole cache lines.
 */
import type { Statement } from '../../types.ts';
import { analyze, type Analysis } from './analysis.ts';
import { copiesFor, cutLoop, extentOf, isConstantLoop, type Loop } from './parts.ts';
import type { Shapes } from './shapes.ts';
import { callsFunctions, someStatement } from '../../walk.ts';
import type { Fresh } from './names.ts';
import { widenBody } from './widen.ts';

/** `gather` allows loads that collect numbers one by one, because no loop further in is better. */
export type Effort = 'direct' | 'gather';

/** Undefined if it is impossible or not worth it. */
export function widenIndependent(loop: Loop, effort: Effort, fresh: Fresh): Statement[] | undefined {
  if (!loop.independent || !isConstantLoop(loop) || extentOf(loop) < 4) return undefined;
  const shapes: Shapes = new Map([[loop.name, 1]]);
  const analysis = analyze(loop.body, shapes);
  if (!analysis || !isWorthIt(analysis, effort)) return undefined;
  const isNest = someStatement(loop.body, (s) => s.kind === 'for');
  const copies = isNest && !callsFunctions(loop.body) ? copiesFor(extentOf(loop), analysis.pressure) : 1;
  return cutLoop(loop, copies, (count) =>
    widenBody(loop.body, shapes, new Map(), {
      copies: count,
      varying: analysis.varying,
      fresh: fresh(),
    }),
  );
}

/** Whether widening pays off. Results may be stored one by one if that happens outside of the loops that load. */
function isWorthIt({ gathers, loadDepth, scatterDepth }: Analysis, effort: Effort): boolean {
  if (effort === 'gather') return scatterDepth < 0 || loadDepth >= 0;
  return gathers === 0 && (scatterDepth < 0 || scatterDepth < loadDepth);
}
