/**
 * Loops that are too long for one invocation, where there are few of them to do: a softmax over a thousand classes, the
 * mean of everything. A workgroup does one iteration of the independent loops, and its invocations share the loops inside.
 *
 *     for n (independent)                        a workgroup for each n
 *       sum = 0                                    sum = 0
 *       for c in 0..1000                     ->    for c in invocation..1000 step 128
 *         sum = sum + x[n, c]                        sum = sum + x[n, c]
 *       out[n] = sum                               sum = the sum over the workgroup
 *                                                  if (invocation == 0) out[n] = sum
 *
 * Postcondition: the grid does what the kernel did, but that sums are added in another order, always the same one.
 * Undefined where it would gain nothing, or the loops cannot be shared: then an invocation does an iteration.
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
 * Of what is done side by side, a result or four in a vector. An invocation for each leaves most of a GPU idle, where there
 * are fewer: small ones run some hundred at once, and want several times as many, to have something to do while others
 * wait for memory.
 */
const FEW = 1024;
/** Of one invocation that does it alone: a dispatch by itself takes as long as so many steps that wait for memory. */
const LONG = 96;
/** Barriers, and invocations that do alike what one had done, must be worth it. */
const GAIN = 4;
/** Of a workgroup; the most has enough to do for each in the longest of the loops. 256 fit all devices. */
const INVOCATIONS = [256, 128, 64];
const ENOUGH = 4;

/** Of a plain kernel with one nest of loops, as `partsOf` has them; shareLongLoops.ts asks for each. */
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

/** A block that is all of a loop is the loop's body: what is left of four iterations in one vector. */
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

/** Four results at once where they lie side by side: then what the inner loops load lies apart. */
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

/** With those of the loops directly inside of it. */
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
