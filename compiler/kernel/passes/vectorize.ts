/**
 * Postcondition: loops over numbers that lie side by side take four at a time, in `f32x4`; what is computed is the
 * same, but sums along a loop are added in another order. Loops that cannot be said in vectors stay as they are, and
 * so does what is in vectors already. Meant for plain loops, behind `interchangeLoops`.
 */
import { shareIndices } from './shareIndices.ts';
import type { Kernel, Statement } from '../types.ts';
import { usesVectors } from '../usesVectors.ts';
import { widenIndependent } from './vectorize/independent.ts';
import { mergeLoops } from './vectorize/merge.ts';
import { freshNames, type Fresh } from './vectorize/names.ts';
import type { Loop } from './vectorize/parts.ts';
import { widenReduction } from './vectorize/reduction.ts';

/** All loops of a kernel. One that is written in vectors, or as a grid, stays as it is. */
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

/** Gathering is the last resort: better an inner loop whose numbers lie side by side. */
function vectorizeLoop(loop: Loop, fresh: Fresh): readonly Statement[] {
  const direct = widenIndependent(loop, 'direct', fresh) ?? widenReduction(loop, fresh);
  if (direct) return direct;
  const body = vectorizeBody(loop.body, fresh);
  if (body !== loop.body) return [{ ...loop, body }];
  return widenIndependent(loop, 'gather', fresh) ?? [loop];
}
