/**
 * Random kernels of independent loops, side by side and nested, with names, blocks, branches and sums between them: what
 * `parallelize` takes apart. A store writes one element for each iteration of the independent loops around it, in a range
 * of its own; loads read `x`, and what the same iteration has stored before.
 */
import fc from 'fast-check';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { add, constant, f32Const, lt, mul, rem } from '../../compiler/kernel/expression.ts';
import type { Expr, Kernel } from '../../compiler/kernel/types.ts';

type Tree =
  | { readonly kind: 'loop'; readonly loop: LoopSpec; readonly body: readonly Tree[] }
  | { readonly kind: 'block' | 'branch' | 'sum'; readonly body: readonly Tree[] }
  | { readonly kind: 'store' | 'name'; readonly picks: readonly number[] };

interface LoopSpec {
  readonly extent: number;
  readonly from: number;
  readonly step: number;
}

const picks = fc.array(fc.nat({ max: 11 }), { minLength: 3, maxLength: 3 });

const trees: fc.Arbitrary<readonly Tree[]> = fc.letrec<{ tree: Tree; body: Tree[] }>((tie) => ({
  body: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('store' as const, 'store' as const, 'name' as const), picks }),
    fc.record({
      kind: fc.constant('loop' as const),
      loop: fc.record({
        extent: fc.constantFrom(2, 3, 5, 8, 64),
        from: fc.constantFrom(0, 0, 2),
        step: fc.constantFrom(1, 1, 3),
      }),
      body: tie('body'),
    }),
    fc.record({
      kind: fc.constantFrom('block' as const, 'branch' as const, 'sum' as const),
      body: tie('body'),
    }),
  ),
})).body;

const X_LENGTH = 97;
/** No more iterations than are quick to interpret. */
const MOST_ELEMENTS = 1500;

/** Where a store has written: an element for each iteration of its loops. */
interface Site {
  readonly first: number;
  readonly loops: readonly Open[];
}

interface Open {
  readonly name: string;
  /** 0 ... extent - 1. */
  readonly number: Expr;
  readonly extent: number;
}

interface State {
  readonly k: KernelBuilder;
  readonly sites: Site[];
  readonly names: readonly Expr[];
  readonly loops: readonly Open[];
  end: number;
}

const elementOf = ({ first, loops }: Site, open: readonly Open[]): Expr =>
  loops.reduce<Expr>(
    (element, { name, extent }, i) => {
      const same = open.find((one) => one.name === name);
      const own = add(mul(element, extent), same ? same.number : constant(0));
      return i === loops.length - 1 ? add(own, first) : own;
    },
    constant(loops.length === 0 ? first : 0),
  );

const elementsOf = (loops: readonly Open[]): number =>
  loops.reduce((product, { extent }) => product * extent, 1);

function value(state: State, [a = 0, b = 0, c = 0]: readonly number[]): Expr {
  const { k, sites, names, loops } = state;
  const at = loops.reduce<Expr>((sum, { number }, i) => add(sum, mul(number, i + 1 + a)), constant(b));
  const x = k.load('x', rem(at, X_LENGTH));
  const other = names[c % (names.length + 1)] ?? f32Const(c / 8);
  const site = sites[b % (sites.length + 1)];
  return add(mul(x, other), site ? k.load('out', elementOf(site, loops)) : f32Const(1));
}

function write(body: readonly Tree[], outer: State): void {
  const state: State = { ...outer, names: [...outer.names] };
  for (const tree of body) writeTree(tree, state);
  outer.end = state.end;
}

function writeTree(tree: Tree, state: State): void {
  const { k, loops, sites } = state;
  switch (tree.kind) {
    case 'name':
      (state.names as Expr[]).push(k.let('named', value({ ...state, sites: [] }, tree.picks)));
      return;
    case 'store': {
      const site = { first: state.end, loops };
      k.store('out', elementOf(site, loops), value(state, tree.picks));
      state.end += elementsOf(loops);
      sites.push(site);
      return;
    }
    case 'block':
      return k.block('apart', () => write(tree.body, state));
    case 'branch': {
      // It is stored in some iterations only, so it must not be read.
      const known = sites.length;
      const condition = lt(
        loops.at(-1)?.number ?? constant(0),
        loops.length === 0
          ? k.let('one', add(rem({ kind: 'cast', type: 'i32', value: k.load('x', 0) }, 2), 1))
          : 2,
      );
      k.if(condition, () => write(tree.body, state));
      sites.splice(known);
      return;
    }
    case 'sum': {
      const sum = k.variable('sum', 0);
      k.for('s', 0, 3, (s) => k.assign(sum, add(sum, k.load('x', s))));
      const site = { first: state.end, loops };
      k.store('out', elementOf(site, loops), sum);
      state.end += elementsOf(loops);
      sites.push(site);
      return write(tree.body, state);
    }
    case 'loop':
      return writeLoop(tree, state);
  }
}

function writeLoop({ loop, body }: Extract<Tree, { kind: 'loop' }>, state: State): void {
  const { extent, from, step } = loop;
  if (elementsOf(state.loops) * extent > MOST_ELEMENTS) return write(body, state);
  const to = from + (extent - 1) * step + 1;
  const inner = (index: Expr): void => {
    const number: Expr =
      step === 1
        ? add(index, -from)
        : { kind: 'binary', type: 'i32', op: 'div', left: add(index, -from), right: constant(step) };
    const open: Open = { name: `${state.loops.length}/${state.end}/${state.sites.length}`, number, extent };
    const nested: State = { ...state, loops: [...state.loops, open] };
    write(body, nested);
    state.end = nested.end;
  };
  state.k.for('i', from, to, inner, { step, independent: true });
}

export const randomGridKernels: fc.Arbitrary<Kernel> = trees.map((body) => {
  let end = 0;
  const buffers = (length: number) =>
    [
      { name: 'x', element: 'f32', length: X_LENGTH, access: 'read' },
      { name: 'out', element: 'f32', length, access: 'readWrite' },
    ] as const;
  const kernel = buildKernel({ name: 'random', buffers: buffers(2 ** 30) }, (k) => {
    const state: State = { k, sites: [], names: [], loops: [], end: 0 };
    write(body, state);
    end = state.end;
  });
  return { ...kernel, buffers: buffers(Math.max(1, end)) };
});
