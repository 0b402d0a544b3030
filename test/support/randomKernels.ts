/**
 * Random kernels: nested loops that load and store at shared and unshared indices, with variables, vectors
 * left out. Every access lies inside its buffer, so that each of them runs.
 */
import fc from 'fast-check';
import type { Expr, Kernel, KernelBuffer, Statement } from '../../compiler/kernel/types.ts';

const LOOPS = ['i', 'j'] as const;
const EXTENT = 3;
/** Extent of an inner loop that can be vectorized. */
const LONG_EXTENT = 21;
/** The largest index below, and one more. */
const lengthFor = (inner: number): number => 8 * (EXTENT - 1) + 3 * (inner - 1) + 2 + 1;

const buffersFor = (inner: number): readonly KernelBuffer[] => [
  { name: 'x', element: 'f32', length: lengthFor(inner), access: 'read' },
  { name: 'w', element: 'f32', length: lengthFor(inner), access: 'read' },
  { name: 'out', element: 'f32', length: lengthFor(inner), access: 'readWrite' },
];

export const randomKernelBuffers = buffersFor(EXTENT);

const number = (value: number): Expr => ({ kind: 'const', type: 'i32', value });
const named = (name: string, type: 'i32' | 'f32' = 'i32'): Expr => ({ kind: 'var', type, name });
const binary = (op: 'add' | 'sub' | 'mul', left: Expr, right: Expr): Expr => ({
  kind: 'binary',
  type: left.type,
  op,
  left,
  right,
});

/** `i * a + j * b + c`: few of them, so that equal bases are frequent. `at` is a variable that changes. */
const index: fc.Arbitrary<Expr> = fc
  .tuple(fc.constantFrom(0, 3, 8), fc.constantFrom(0, 1, 3), fc.integer({ min: 0, max: 2 }), fc.boolean())
  .map(([a, b, c, changing]) => {
    const along = binary('mul', named(changing ? 'at' : 'i'), number(a));
    const base = b === 0 ? along : binary('add', along, binary('mul', named('j'), number(b)));
    return c === 0 ? base : binary('add', base, number(c));
  });

const load: fc.Arbitrary<Expr> = fc
  .tuple(fc.constantFrom('x', 'w', 'out'), index)
  .map(([buffer, at]): Expr => ({ kind: 'load', type: 'f32', buffer, index: at }));

const value: fc.Arbitrary<Expr> = fc.oneof(
  load,
  fc.tuple(load, load).map(([a, b]) => binary('sub', a, b)),
  fc.tuple(load, load, load).map(([a, b, c]): Expr => ({ kind: 'fma', type: 'f32', a, b, c })),
);

const store: fc.Arbitrary<Statement> = fc
  .tuple(index, value)
  .map(([at, stored]): Statement => ({ kind: 'store', buffer: 'out', index: at, value: stored }));
const assign: fc.Arbitrary<Statement> = value.map((assigned): Statement => ({
  kind: 'assign',
  name: 'sum',
  value: binary('add', named('sum', 'f32'), assigned),
}));
const move: fc.Arbitrary<Statement> = fc
  .integer({ min: 0, max: EXTENT - 1 })
  .map((to): Statement => ({ kind: 'assign', name: 'at', value: number(to) }));

const simple = fc.oneof(store, store, assign, move);

const branch: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.integer({ min: 0, max: EXTENT }),
    fc.array(simple, { maxLength: 3 }),
    fc.array(simple, { maxLength: 3 }),
  )
  .map(([below, then, otherwise]): Statement => ({
    kind: 'if',
    condition: { kind: 'binary', type: 'bool', op: 'lt', left: named('i'), right: number(below) },
    then,
    otherwise,
  }));

const loop = (name: string, extent: number, body: readonly Statement[]): Statement => ({
  kind: 'for',
  name,
  from: number(0),
  to: number(extent),
  step: 1,
  body,
  independent: false,
});

const declare = (name: string, type: 'i32' | 'f32', initial: number): Statement => ({
  kind: 'declare',
  name,
  type,
  value: { kind: 'const', type, value: initial },
  mutable: true,
});

/** Statements inside of two loops, at both levels of the inner one. */
const kernelsOf = (statement: fc.Arbitrary<Statement>, extent: number): fc.Arbitrary<Kernel> =>
  fc.array(statement, { minLength: 1, maxLength: 8 }).map((statements): Kernel => {
    const inner = loop(LOOPS[1], extent, statements);
    const sum: Statement = { kind: 'store', buffer: 'out', index: number(0), value: named('sum', 'f32') };
    return {
      name: 'random',
      comment: [],
      buffers: buffersFor(extent),
      body: [declare('sum', 'f32', 0), declare('at', 'i32', 1), loop(LOOPS[0], EXTENT, [inner]), sum],
    };
  });

export const randomKernels = kernelsOf(fc.oneof(simple, simple, branch), EXTENT);

/** Kernels with sums along a loop that is long enough for vectors. */
export const longRandomKernels = fc.oneof(
  kernelsOf(assign, LONG_EXTENT),
  kernelsOf(fc.oneof(simple, simple, branch), LONG_EXTENT),
);
