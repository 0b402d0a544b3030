/**
 * Turns plain loops into grids: the iterations of loops that are `independent` become invocations.
 *
 *     for oy, ox, c (independent)          each of 64 invocations of ceil(n / 64) workgroups
 *       out[...] = ...                ->     if (element < n)
 *                                              c = element % C; ox = element / C % W; oy = element / (C * W)
 *                                              out[...] = ...
 *
 * Postcondition: the body is a list of blocks, each with a grid. Run one after the other, they do what the kernel did.
 * Loops next to each other become several blocks, because a workgroup cannot wait for another one. One invocation does
 * everything that is not independent. Blocks that have a grid keep it. A kernel that has a grid does not change.
 */
import { add, constant, div, lt, mul, rem } from '../expression.ts';
import { INVOCATION, WORKGROUP, GRID_NAMES } from '../grid.ts';
import { expressionsOf, namesIn, refersTo, somePart, someStatement } from '../walk.ts';
import { partName, partOf, type KernelPart } from '../parts.ts';
import type { Expr, Grid, Kernel, Statement } from '../types.ts';
import { substituteIn } from '../substitute.ts';

/** All devices support 64. It fills their lanes and still leaves many workgroups for small kernels. */
const INVOCATIONS = 64;

type Loop = Extract<Statement, { kind: 'for' }>;
type Declare = Extract<Statement, { kind: 'declare' }>;

/** Statements under independent loops. Every invocation computes the declarations between the loops. */
interface Nest {
  readonly loops: readonly Loop[];
  readonly body: readonly Statement[];
  /** The grid, if the statements already have one. Then there are no loops. */
  readonly grid?: Grid;
}

export function parallelize(kernel: Kernel): Kernel {
  if (kernel.grid) return kernel;
  const buffers = new Set(kernel.buffers.map(({ name }) => name));
  const blocks = nestsWithStores(kernel).map((nest): Statement => {
    const { grid, body } = nest.grid ? { grid: nest.grid, body: nest.body } : overElements(nest, buffers);
    return { kind: 'block', comment: countText(grid), grid, body };
  });
  return { ...kernel, body: blocks };
}

const countText = ({ workgroups, invocations }: Grid): string =>
  `${workgroups} ${workgroups === 1 ? 'workgroup' : 'workgroups'} of ${invocations}`;

/**
 * The plain kernels that become grids, each with the independent loops around its statements, and those that already
 * are grids.
 */
export const partsOf = (kernel: Kernel): readonly KernelPart[] => {
  const nests = nestsWithStores(kernel);
  return nests.map(({ loops, body, grid }, i) => {
    const inside = loops.reduceRight<readonly Statement[]>((inner, loop) => [{ ...loop, body: inner }], body);
    return partOf(kernel, partName(kernel, i, nests.length), { body: inside, ...(grid && { grid }) });
  });
};

function nestsWithStores(kernel: Kernel): readonly Nest[] {
  const written = new Set(kernel.buffers.filter(({ access }) => access !== 'read').map(({ name }) => name));
  return nestsOf(kernel.body, written).filter(({ body }) => someStatement(body, (s) => s.kind === 'store'));
}

/** The body in parts that may run one after the other, each with as many independent loops around it as possible. */
function nestsOf(body: readonly Statement[], written: ReadonlySet<string>): readonly Nest[] {
  const whole: Nest = { loops: [], body };
  const statements = body.filter(({ kind }) => kind !== 'comment');
  if (!statements.some(holdsLoops)) return [whole];
  const declared = statements.filter(isDeclare);
  const rest = statements.filter(({ kind }) => kind !== 'declare');
  if (!declared.every((one) => canRepeat(one, written)) || rest.some(({ kind }) => kind === 'assign'))
    return [whole];
  return rest.flatMap((statement) =>
    innerNests(statement, written).map((nest): Nest => ({
      ...nest,
      body: [...needed(declaredBefore(statement, statements), nest), ...nest.body],
    })),
  );
}

const isDeclare = (s: Statement): s is Declare => s.kind === 'declare';

/** A later declaration may have the name of one inside of the statement, so only those before it count. */
const declaredBefore = (statement: Statement, block: readonly Statement[]): readonly Declare[] =>
  block.slice(0, block.indexOf(statement)).filter(isDeclare);

export const isGridLoop = (s: Statement): s is Loop =>
  s.kind === 'for' && s.independent && s.from.kind === 'const' && s.to.kind === 'const';

const holdsLoops = (s: Statement): boolean =>
  isGridLoop(s) || (s.kind === 'block' && (s.grid !== undefined || s.body.some(holdsLoops)));

/** Whether every part may compute the value again. */
const canRepeat = ({ mutable, value }: Declare, written: ReadonlySet<string>): boolean =>
  !mutable && !somePart(value, (part) => part.kind === 'load' && written.has(part.buffer));

function innerNests(s: Statement, written: ReadonlySet<string>): readonly Nest[] {
  if (s.kind === 'block')
    return s.grid ? [{ loops: [], body: s.body, grid: s.grid }] : nestsOf(s.body, written);
  if (!isGridLoop(s)) return [{ loops: [], body: [s] }];
  return nestsOf(s.body, written).map(({ loops, body }) => ({ loops: [s, ...loops], body }));
}

/** The declarations before a nest that it uses, directly or through others. */
function needed(declared: readonly Declare[], { body }: Nest): readonly Declare[] {
  return declared.reduceRight<Declare[]>((kept, one) => {
    const names = new Set([one.name]);
    const isUsed = [...kept, ...body].some((s) =>
      someStatement([s], (inner) => expressionsOf(inner).some((e) => refersTo(e, names))),
    );
    return isUsed ? [one, ...kept] : kept;
  }, []);
}

interface GridBody {
  readonly grid: Grid;
  readonly body: readonly Statement[];
}

/** Neighbouring invocations run neighbouring iterations of the last loop. */
function overElements({ loops, body }: Nest, buffers: ReadonlySet<string>): GridBody {
  const extents = loops.map(iterations);
  const count = extents.reduce((product, extent) => product * extent, 1);
  if (count === 1)
    return { grid: { workgroups: 1, invocations: 1, shared: [] }, body: startingAtFirst(loops, body) };
  const element = declare(freeName('element', body, loops, buffers), elementNumber(count));
  const own = [...indicesOf(loops, extents, reference(element)), ...body];
  const isWhole = count % INVOCATIONS === 0;
  const guarded: Statement = {
    kind: 'if',
    condition: lt(reference(element), constant(count)),
    then: own,
    otherwise: [],
  };
  return {
    grid: { workgroups: Math.ceil(count / INVOCATIONS), invocations: INVOCATIONS, shared: [] },
    body: [element, ...(isWhole ? own : [guarded])],
  };
}

const value = (e: Expr): number => (e.kind === 'const' ? e.value : NaN);

export const iterations = ({ from, to, step }: Loop): number =>
  Math.max(0, Math.ceil((value(to) - value(from)) / step));

const elementNumber = (count: number): Expr =>
  count <= INVOCATIONS ? INVOCATION : add(mul(WORKGROUP, INVOCATIONS), INVOCATION);

const declare = (name: string, value: Expr): Declare => ({
  ...{ kind: 'declare', name, type: 'i32', value, mutable: false },
});

const reference = ({ name, type }: Declare): Expr => ({ kind: 'var', type, name });

function freeName(
  wanted: string,
  body: readonly Statement[],
  loops: readonly Loop[],
  buffers: ReadonlySet<string>,
): string {
  const taken = new Set([...namesIn(body), ...loops.map(({ name }) => name), ...GRID_NAMES, ...buffers]);
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  return name;
}

/** The loops' variables, computed from the number of the iteration. */
export function indicesOf(loops: readonly Loop[], extents: readonly number[], element: Expr): Declare[] {
  let behind = 1;
  const indices = loops.toReversed().map(({ name, from, step }, i) => {
    const extent = extents.at(-1 - i)!;
    const outer = div(element, behind);
    const index = i === loops.length - 1 ? outer : rem(outer, extent);
    behind *= extent;
    return declare(name, add(from, mul(index, step)));
  });
  return indices.toReversed();
}

/** Replaces the variables of loops with one iteration by constants. */
const startingAtFirst = (loops: readonly Loop[], body: readonly Statement[]): readonly Statement[] =>
  loops.some((loop) => iterations(loop) === 0)
    ? []
    : substituteIn(body, new Map(loops.map(({ name, from }) => [name, from])));
