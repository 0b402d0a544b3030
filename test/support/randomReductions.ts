/**
 * Random kernels of few results and long loops: sums and extremes along them, stores, and what reads at another place what
 * was stored before, in branches and in loops whose iterations wait for each other. What a workgroup may share, and some
 * that it must not.
 */
import fc from 'fast-check';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import {
  add,
  constant,
  f32Const,
  fma,
  gt,
  lt,
  max,
  min,
  mul,
  sub,
} from '../../compiler/kernel/expression.ts';
import type { Expr, Kernel } from '../../compiler/kernel/types.ts';

type Step =
  | { readonly kind: 'gather'; readonly op: 'add' | 'fma' | 'max' | 'min' | 'last'; readonly loop: LoopSpec }
  | { readonly kind: 'fill' | 'change'; readonly loop: LoopSpec }
  | { readonly kind: 'single'; readonly pick: number }
  | { readonly kind: 'turns' | 'branch'; readonly pick: number; readonly body: readonly Step[] };

interface LoopSpec {
  readonly extent: number;
  readonly from: number;
  /** So many loops around it, of two iterations. */
  readonly around: number;
  readonly picks: readonly number[];
  readonly isGuarded: boolean;
}

const loopSpec: fc.Arbitrary<LoopSpec> = fc.record({
  extent: fc.constantFrom(3, 64, 100, 128, 131, 260),
  from: fc.constantFrom(0, 0, 1),
  around: fc.constantFrom(0, 0, 1),
  picks: fc.array(fc.nat({ max: 11 }), { minLength: 3, maxLength: 3 }),
  isGuarded: fc.boolean(),
});

const steps: fc.Arbitrary<readonly Step[]> = fc.letrec<{ step: Step; body: Step[] }>((tie) => ({
  body: fc.array(tie('step'), { minLength: 2, maxLength: 4 }),
  step: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.oneof(
      fc.record({
        kind: fc.constant('gather' as const),
        op: fc.constantFrom('add' as const, 'add' as const, 'fma' as const, 'max' as const, 'min' as const),
        loop: loopSpec,
      }),
      fc.record({ kind: fc.constantFrom('fill' as const, 'change' as const), loop: loopSpec }),
      fc.record({ kind: fc.constant('single' as const), pick: fc.nat({ max: 9 }) }),
      fc.record({ kind: fc.constant('gather' as const), op: fc.constant('last' as const), loop: loopSpec }),
    ),
    fc.record({
      kind: fc.constantFrom('turns' as const, 'branch' as const),
      pick: fc.nat({ max: 9 }),
      body: tie('body'),
    }),
  ),
})).body;

const X_LENGTH = 4096;
const RESULTS = 3;

/** A part of what a result has in `out`. */
interface Site {
  readonly start: number;
  readonly length: number;
}

interface State {
  readonly k: KernelBuilder;
  /** Where the result's part of `out` begins. */
  readonly base: Expr;
  readonly row: Expr;
  readonly sites: Site[];
  readonly sums: Expr[];
  readonly memory: { end: number };
}

const isThere = <T>(list: readonly T[], pick: number): T | undefined => list[pick % (list.length + 1)];

const readable = ({ sites, k, base }: State, pick: number, i: Expr, extent: number): Expr | undefined => {
  const site = isThere(sites, pick);
  if (!site || site.length < extent) return undefined;
  // From the end: what another invocation has stored.
  return k.load('out', add(base, sub(site.start + extent - 1, i)));
};

/** `i` is 0 ... extent - 1. */
function value(state: State, { picks: [a = 0, b = 0, c = 0] }: LoopSpec, i: Expr, extent: number): Expr {
  const x = state.k.load('x', add(mul(state.row, a * 7), add(mul(i, (b % 3) + 1), c)));
  const other = readable(state, c, i, extent) ?? isThere(state.sums, b) ?? f32Const(a / 8);
  return fma(x, f32Const(0.5), mul(other, 0.125));
}

/** Its body gets the number of the iteration, of all. */
function loops(
  k: KernelBuilder,
  { extent, from, around }: LoopSpec,
  independent: boolean,
  body: (i: Expr) => void,
) {
  const inner = (outer: Expr): void =>
    k.for('i', from, from + extent, (i) => body(add(mul(outer, extent), sub(i, from))), { independent });
  if (around === 0) inner(constant(0));
  else k.for('o', 0, 2, inner, { independent });
}

const countOf = ({ extent, around }: LoopSpec): number => extent * (around + 1);

function gather(state: State, { op, loop }: Extract<Step, { kind: 'gather' }>): void {
  const { k, sums } = state;
  const known = op === 'last' ? undefined : isThere(sums, loop.picks[1]!);
  const sum = known ?? k.variable('sum', loop.picks[0]! % 2 === 0 ? 0 : k.load('x', state.row));
  // What is gathered into is nothing that is looked at.
  const inside: State = { ...state, sums: sums.filter((one) => one !== sum) };
  loops(k, loop, false, (i) => {
    const next = k.let('next', value(inside, loop, i, countOf(loop)));
    const assign = (): void => {
      if (op === 'fma') k.assign(sum, fma(next, f32Const(0.25), sum));
      else k.assign(sum, op === 'last' ? next : { add, max, min }[op](sum, next));
    };
    if (loop.isGuarded) k.if(gt(next, f32Const(0.1)), assign);
    else assign();
  });
  if (!known) sums.push(sum);
}

function fill(state: State, loop: LoopSpec, kind: 'fill' | 'change'): void {
  const { k, base, sites, memory } = state;
  const extent = countOf(loop);
  const old = kind === 'change' ? sites.find(({ length }) => length >= extent) : undefined;
  const site = old ?? { start: memory.end, length: extent };
  if (!old) memory.end += extent;
  // What is changed is read nowhere but at its own place.
  const inside: State = { ...state, sites: sites.filter((one) => one !== site) };
  loops(k, loop, true, (i) => {
    const at = add(base, add(i, site.start));
    const own = value(inside, loop, i, extent);
    k.store('out', at, old ? add(own, mul(k.load('out', at), 0.5)) : own);
  });
  if (!old) sites.push(site);
}

function write(body: readonly Step[], state: State): void {
  for (const step of body) {
    switch (step.kind) {
      case 'gather':
        gather(state, step);
        break;
      case 'fill':
      case 'change':
        fill(state, step.loop, step.kind);
        break;
      case 'single':
        single(state, step.pick);
        break;
      case 'turns':
        nested(state, (inner) =>
          state.k.for('turn', 0, 2 + (step.pick % 2), () => write(step.body, inner())),
        );
        break;
      case 'branch': {
        const { k, row } = state;
        const condition = step.pick % 2 ? gt(k.load('x', row), f32Const(0)) : lt(row, 2);
        nested(state, (inner) => k.if(condition, () => write(step.body, inner())));
      }
    }
  }
}

/** What is declared or stored inside must not be read outside: the branch may not have been taken. */
const nested = (state: State, build: (inner: () => State) => void): void =>
  build(() => ({ ...state, sites: [...state.sites], sums: [...state.sums] }));

function single(state: State, pick: number): void {
  const { k, base, sums, memory } = state;
  k.store('out', add(base, memory.end), isThere(sums, pick) ?? f32Const(pick));
  state.sites.push({ start: memory.end++, length: 1 });
}

/** `x` and `out`; a number of `out` that no branch has stored stays what it was. */
export const randomReductions: fc.Arbitrary<Kernel> = fc
  .tuple(steps, fc.constantFrom(1, RESULTS))
  .map(([body, results]) => {
    const build = (capacity: number): { kernel: Kernel; end: number } => {
      const memory = { end: 0 };
      const buffers = [
        { name: 'x', element: 'f32', length: X_LENGTH, access: 'read' },
        { name: 'out', element: 'f32', length: Math.max(1, capacity * results), access: 'readWrite' },
      ] as const;
      const kernel = buildKernel({ name: 'random', buffers }, (k) =>
        k.for(
          'row',
          0,
          results,
          (row) => {
            const state: State = { k, base: mul(row, capacity), row, sites: [], sums: [], memory };
            write(body, state);
            for (const sum of state.sums) k.store('out', add(state.base, memory.end++), sum);
          },
          { independent: true },
        ),
      );
      return { kernel, end: memory.end };
    };
    // Once for its size.
    return build(build(2 ** 20).end).kernel;
  });
