/**
 * Shares loops that are too long for one invocation, if there are few of them: a softmax over a thousand classes, or
 * the mean of all elements. A workgroup does one iteration of the independent loops, and its invocations share the loops
 * inside.
 *
 *     for n (independent)                        a workgroup for each n
 *       sum = 0                                    sum = 0
 *       for c in 0..1000                     ->    for c in invocation..1000 step 128
 *         sum = sum + x[n, c]                        sum = sum + x[n, c]
 *       out[n] = sum                               sum = the sum over the workgroup
 *                                                  if (invocation == 0) out[n] = sum
 *
 * Postcondition: the grid does what the kernel did, except that sums are added in another order, which is always the
 * same. Undefined if this would gain nothing, or if the loops cannot be shared. Then each iteration is one invocation.
 */
import { canMeet, isShared, stepsAlone, stepsTogether } from './cooperate/sharing.ts';
import { together } from './cooperate/together.ts';
import { GRID_NAMES, WORKGROUP } from '../grid.ts';
import { indicesOf, isGridLoop, iterations } from './parallelize.ts';
import type { Kernel, Statement } from '../types.ts';
import { usesVectors } from '../usesVectors.ts';
import { analyze } from './vectorize/analysis.ts';
import { mergeLoops } from './vectorize/merge.ts';
import { freshNames } from './vectorize/names.ts';
import { isConstantLoop, type Loop } from './vectorize/parts.ts';
import { mapStatement, someStatement } from '../walk.ts';
import { vectorizeLoops } from './vectorize.ts';
import { widenBody } from './vectorize/widen.ts';

/**
 * The largest number of results (or of vectors of four) for which this is done. With fewer results than that, one
 * invocation for each would leave most of a GPU idle. Small GPUs run some hundred invocations at once and need
 * several times as many, to be busy while others wait for memory.
 */
const FEW = 1024;
/**
 * The smallest number of steps that one invocation would do alone. Starting a dispatch takes as long as this many
 * steps that wait for memory.
 */
const LONG = 96;
/** The least gain in steps that pays for barriers and for work that all invocations repeat. */
const GAIN = 4;
/**
 * Sizes of a workgroup. The largest is used for which the longest loop has enough iterations for each invocation. All
 * devices support 256.
 */
const INVOCATIONS = [256, 128, 64];
const ENOUGH = 4;

/** Handles a plain kernel with one nest of loops, as `partsOf` returns it. shareLongLoops.ts calls it for each. */
export function cooperate(kernel: Kernel): Kernel | undefined {
  if (kernel.grid || usesVectors(kernel)) return undefined;
  const { loops, body } = inVectors(nestOf(mergeLoops(kernel.body, freshNames(kernel)())), kernel);
  const workgroups = product(loops);
  if (workgroups === 0 || workgroups > FEW || stepsAlone(body) < LONG) return undefined;
  const longest = longestLoop(body);
  const invocations = INVOCATIONS.find((count) => count * ENOUGH <= longest) ?? INVOCATIONS.at(-1)!;
  if (!isWorthIt(body, invocations)) return undefined;
  const indices = indicesOf(loops, loops.map(iterations), WORKGROUP);
  const names = freshNames({ ...kernel, body: [...indices, ...body] })([...GRID_NAMES]);
  const uniform = [...GRID_NAMES.slice(0, 1), ...loops.map(({ name }) => name)];
  const shared: Kernel = {
    ...kernel,
    comment: [...kernel.comment, `loops shared by ${workgroups} x ${invocations} invocations`],
    grid: { workgroups, invocations, shared: [] },
    body: [...indices, ...together(body, invocations, names, uniform)],
  };
  return usesVectors(shared) ? shared : { ...shared, body: unwrapped(vectorizeLoops(shared).body) };
}

/** A block that is all of a loop becomes the loop's body. It is the result of four iterations in one vector. */
const unwrapped = (body: readonly Statement[]): readonly Statement[] =>
  body.map((s): Statement => {
    if (s.kind !== 'for') return mapStatement(s, unwrapped);
    const inner = unwrapped(s.body);
    const last = inner.at(-1);
    const isAll = last?.kind === 'block' && inner.slice(0, -1).every(({ kind }) => kind === 'declare');
    return { ...s, body: isAll ? [...inner.slice(0, -1), ...last.body] : inner };
  });

interface Nest {
  readonly loops: readonly Loop[];
  readonly body: readonly Statement[];
}

function nestOf(body: readonly Statement[]): Nest {
  const [only, another] = body.filter(({ kind }) => kind !== 'comment');
  if (!only || another || only.kind !== 'for' || !isGridLoop(only)) return { loops: [], body };
  const inner = nestOf(only.body);
  return { loops: [only, ...inner.loops], body: inner.body };
}

const product = (loops: readonly Loop[]): number => loops.reduce((all, loop) => all * iterations(loop), 1);

/** Computes four results at once if they are neighbours in memory. Then the loads of the inner loops are not. */
function inVectors(nest: Nest, kernel: Kernel): Nest {
  const last = nest.loops.at(-1);
  if (!last || !isConstantLoop(last) || iterations(last) % 4 !== 0 || last.from.value % 4 !== 0) return nest;
  const shapes = new Map([[last.name, 1]]);
  const found = analyze(nest.body, shapes);
  if (!found || found.gathers > 0 || found.scatterDepth >= 0 || found.loadDepth < 0) return nest;
  const names = freshNames({ ...kernel, body: nest.body })();
  const { varying } = found;
  const body = widenBody(nest.body, shapes, new Map(), { copies: 1, varying, fresh: names });
  return { loops: [...nest.loops.slice(0, -1), { ...last, step: 4 }], body };
}

function longestLoop(body: readonly Statement[]): number {
  let longest = 0;
  someStatement(body, (s) => {
    if (s.kind === 'for') longest = Math.max(longest, iterationsInside(s));
    return false;
  });
  return longest;
}

/** Number of iterations, multiplied by those of the loops directly inside of it. */
function iterationsInside(loop: Loop): number {
  const [inner, another] = loop.body.filter(({ kind }) => kind === 'for');
  const own = isConstantLoop(loop) ? iterations(loop) : 1;
  return own * (inner?.kind === 'for' && !another ? iterationsInside(inner) : 1);
}

function isWorthIt(body: readonly Statement[], invocations: number): boolean {
  const shares = someStatement(body, (s) => s.kind === 'for' && isShared(s, invocations));
  if (!shares || !canMeet(body, invocations)) return false;
  return stepsTogether(body, invocations) * GAIN <= stepsAlone(body);
}
