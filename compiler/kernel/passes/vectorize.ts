/**
 * Postcondition: loops over numbers that are neighbours in memory take four at a time, in `f32x4`. The computation is
 * the same, except that sums along a loop are added in another order. Loops that vectors cannot express do not
 * change, and neither does code that already has vectors. Meant for plain loops, after `interchangeLoops`.
 */
import { shareIndices } from './shareIndices.ts';
import type { Kernel, Statement } from '../types.ts';
import { usesVectors } from '../usesVectors.ts';
import { widenIndependent } from './vectorize/independent.ts';
import { mergeLoops } from './vectorize/merge.ts';
import { freshNames, type Fresh } from './vectorize/names.ts';
import type { Loop } from './vectorize/parts.ts';
import { widenReduction } from './vectorize/reduction.ts';

/** Vectorizes all loops of a kernel. A kernel that has vectors or a grid does not change. */
export function vectorizePlainLoops(kernel: Kernel): Kernel {
  const hasGrids = kernel.grid !== undefined || kernel.body.some((s) => s.kind === 'block' && s.grid);
  return hasGrids || usesVectors(kernel) ? kernel : vectorizeLoops(kernel);
}

export function vectorizeLoops(kernel: Kernel): Kernel {
  const merged = { ...kernel, body: mergeLoops(kernel.body, freshNames(kernel)()) };
  const body = vectorizeBody(merged.body, freshNames(merged));
  const buffers = kernel.buffers.map(({ name }) => name);
  return { ...merged, body: shareIndices(body, buffers) };
}

function vectorizeBody(body: readonly Statement[], fresh: Fresh): readonly Statement[] {
  const statements = body.map((s) => vectorizeStatement(s, fresh));
  return statements.every(([only, another], i) => only === body[i] && !another) ? body : statements.flat();
}

function vectorizeStatement(s: Statement, fresh: Fresh): readonly Statement[] {
  switch (s.kind) {
    case 'for':
      return vectorizeLoop(s, fresh);
    case 'block': {
      const body = vectorizeBody(s.body, fresh);
      return [body === s.body ? s : { ...s, body }];
    }
    case 'if': {
      const [then, otherwise] = [vectorizeBody(s.then, fresh), vectorizeBody(s.otherwise, fresh)];
      return [then === s.then && otherwise === s.otherwise ? s : { ...s, then, otherwise }];
    }
    default:
      return [s];
  }
}

/** Gathering is the last resort. An inner loop over neighbouring numbers is better. */
function vectorizeLoop(loop: Loop, fresh: Fresh): readonly Statement[] {
  const direct = widenIndependent(loop, 'direct', fresh) ?? widenReduction(loop, fresh);
  if (direct) return direct;
  const body = vectorizeBody(loop.body, fresh);
  if (body !== loop.body) return [{ ...loop, body }];
  return widenIndependent(loop, 'gather', fresh) ?? [loop];
}
