/** Every operator as JavaScript against the interpreter, over the values that are special for its type. */
import { describe, expect, it } from 'vitest';
import { interpretKernel, type InterpreterArray } from '../../compiler/kernel/interpreter.ts';
import { compileKernel, printJavascriptBody } from '../../compiler/kernel/javascript.ts';
import type {
  BinaryOp,
  ElementType,
  Expr,
  Kernel,
  ScalarType,
  UnaryOp,
} from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';

const F32 = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3.7,
  -3.7,
  1e-3,
  88,
  1e9,
  -1e30,
  Infinity,
  -Infinity,
  NaN,
];
/** Sums and products of these stay within i32, which is all that the language promises. */
const I32 = [0, 1, -1, 2, 3, -3, 7, 31, -100, 12345, -40000];
const U32 = [0, 1, 2, 3, 7, 31, 0xffff, 0x10001, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const VALUES: Readonly<Record<ElementType, readonly number[]>> = { f32: F32, i32: I32, u32: U32 };

const ARRAYS = { f32: Float64Array, i32: Int32Array, u32: Uint32Array };

const operand = (buffer: string, type: ElementType): Expr => ({
  kind: 'load',
  type,
  buffer,
  index: { kind: 'var', type: 'i32', name: 'i' },
});

/** out[i] = e over all `length` elements of a and b; a condition is stored as 0 or 1. */
function elementwise(e: Expr, element: ElementType, length: number): Kernel {
  const isStorable = e.type !== 'bool' && e.type !== 'f32x4';
  const value: Expr = isStorable ? e : { kind: 'cast', type: 'i32', value: e };
  const result: ElementType = isStorable ? (e.type as ElementType) : 'i32';
  return verifyKernel({
    name: 'elementwise',
    comment: [],
    buffers: [
      { name: 'a', element, length, access: 'read' },
      { name: 'b', element, length, access: 'read' },
      { name: 'out', element: result, length, access: 'write' },
    ],
    body: [
      {
        kind: 'for',
        name: 'i',
        from: { kind: 'const', type: 'i32', value: 0 },
        to: { kind: 'const', type: 'i32', value: length },
        step: 1,
        independent: true,
        body: [{ kind: 'store', buffer: 'out', index: { kind: 'var', type: 'i32', name: 'i' }, value }],
      },
    ],
  });
}

interface Results {
  readonly interpreted: number[];
  readonly printed: number[];
}

/** Both, for every pair of special values; -0 counts as 0 and all NaNs are one. */
function bothWays(
  e: Expr,
  element: ElementType,
  accept: (a: number, b: number) => boolean = () => true,
): Results {
  const pairs = VALUES[element]
    .flatMap((a) => VALUES[element].map((b) => [a, b] as const))
    .filter(([a, b]) => accept(a, b));
  const kernel = elementwise(e, element, pairs.length);
  const inputs = [0, 1].map((side) => ARRAYS[element].from(pairs.map((pair) => pair[side as 0 | 1])));
  const results = [
    interpretKernel,
    (k: Kernel, buffers: InterpreterArray[]) => compileKernel(k)(...buffers),
  ].map((run) => {
    const out = new ARRAYS[kernel.buffers[2]!.element](pairs.length);
    run(kernel, [...(inputs as InterpreterArray[]), out]);
    return [...out].map((value) => value + 0);
  });
  return { interpreted: results[0]!, printed: results[1]! };
}

const binaryOf = (op: BinaryOp, element: ElementType, type: ScalarType): Expr => ({
  kind: 'binary',
  type,
  op,
  left: operand('a', element),
  right: operand('b', element),
});

const ARITHMETIC: readonly BinaryOp[] = ['add', 'sub', 'mul', 'div', 'rem', 'min', 'max'];
const BITS: readonly BinaryOp[] = ['and', 'or', 'xor'];
const SHIFTS: readonly BinaryOp[] = ['shl', 'shr'];
const COMPARISONS: readonly BinaryOp[] = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'];

const isShift = (_a: number, b: number): boolean => b >= 0 && b < 32;
/** A left shift in i32 must not overflow either. */
const isSmallShift = (a: number, b: number): boolean => isShift(a, b) && Math.abs(a) * 2 ** b < 2 ** 31;
const divides = (_a: number, b: number): boolean => b !== 0;
const staysInside = (a: number, b: number): boolean => Math.abs(a * b) < 2 ** 31;

describe.each<ElementType>(['f32', 'i32', 'u32'])('%s', (element) => {
  const ops = element === 'f32' ? [...ARITHMETIC, 'pow' as const] : [...ARITHMETIC, ...BITS];
  it.each(ops)('%s', (op) => {
    const integers = element === 'i32' ? staysInside : () => true;
    const accept = (a: number, b: number) =>
      integers(a, b) && (element === 'f32' || !['div', 'rem'].includes(op) || divides(a, b));
    const { interpreted, printed } = bothWays(binaryOf(op, element, element), element, accept);
    expect(interpreted.length).toBeGreaterThan(20);
    expect(printed).toEqual(interpreted);
  });
  it.each(COMPARISONS)('%s', (op) => {
    const { interpreted, printed } = bothWays(binaryOf(op, element, 'bool'), element);
    expect(printed).toEqual(interpreted);
    expect(new Set(interpreted)).toEqual(new Set([0, 1]));
  });
  it.each(element === 'f32' ? [] : SHIFTS)('%s', (op) => {
    const accept = element === 'i32' && op === 'shl' ? isSmallShift : isShift;
    const { interpreted, printed } = bothWays(binaryOf(op, element, element), element, accept);
    expect(interpreted.length).toBeGreaterThan(20);
    expect(printed).toEqual(interpreted);
  });
});

describe('u32 wraps around', () => {
  it.each<[BinaryOp, (a: bigint, b: bigint) => bigint]>([
    ['add', (a, b) => a + b],
    ['sub', (a, b) => a - b],
    ['mul', (a, b) => a * b],
  ])('%s', (op, exact) => {
    const expected = U32.flatMap((a) =>
      U32.map((b) => Number(BigInt.asUintN(32, exact(BigInt(a), BigInt(b))))),
    );
    expect(bothWays(binaryOf(op, 'u32', 'u32'), 'u32').interpreted).toEqual(expected);
  });
});

describe('functions', () => {
  const functions: readonly UnaryOp[] = [
    'neg',
    'abs',
    'sqrt',
    'exp',
    'log',
    'tanh',
    'sin',
    'cos',
    'floor',
    'ceil',
    'roundEven',
  ];
  it.each(functions)('%s of f32', (op) => {
    const { interpreted, printed } = bothWays(
      { kind: 'unary', type: 'f32', op, value: operand('a', 'f32') },
      'f32',
    );
    expect(printed).toEqual(interpreted);
  });

  it('neg of i32', () => {
    const e: Expr = { kind: 'unary', type: 'i32', op: 'neg', value: operand('a', 'i32') };
    expect(bothWays(e, 'i32').printed).toEqual(I32.flatMap((a) => I32.map(() => -a + 0)));
  });

  it('multiply-adds and choices', () => {
    const [a, b] = [operand('a', 'f32'), operand('b', 'f32')];
    const sum: Expr = { kind: 'fma', type: 'f32', a, b, c: a };
    const chosen: Expr = {
      kind: 'select',
      type: 'f32',
      condition: binaryOf('lt', 'f32', 'bool'),
      then: sum,
      otherwise: b,
    };
    const { interpreted, printed } = bothWays(chosen, 'f32');
    expect(printed).toEqual(interpreted);
  });
});

describe('casts', () => {
  const finite = (a: number): boolean => Math.abs(a) < 2 ** 31;
  it.each<[ElementType, ScalarType]>([
    ['f32', 'i32'],
    ['i32', 'f32'],
    ['i32', 'u32'],
    ['u32', 'i32'],
    ['u32', 'f32'],
    ['i32', 'bool'],
  ])('%s to %s', (from, to) => {
    const e: Expr = { kind: 'cast', type: to, value: operand('a', from) };
    const { interpreted, printed } = bothWays(e, from, from === 'f32' ? finite : undefined);
    expect(printed).toEqual(interpreted);
    if (to !== 'bool') expect(new Set(interpreted).size).toBeGreaterThan(5);
  });

  it('a condition to f32', () => {
    const e: Expr = { kind: 'cast', type: 'f32', value: binaryOf('lt', 'f32', 'bool') };
    const { interpreted, printed } = bothWays(e, 'f32');
    expect(printed).toEqual(interpreted);
  });
});

describe('conditions', () => {
  it('short-circuit: what follows a false one is not loaded', () => {
    const inside: Expr = {
      kind: 'binary',
      type: 'bool',
      op: 'and',
      left: binaryOf('lt', 'i32', 'bool'),
      right: binaryOf('ge', 'i32', 'bool'),
    };
    const either: Expr = { ...inside, op: 'or' };
    for (const e of [inside, either, { kind: 'unary', type: 'bool', op: 'not', value: either } as Expr]) {
      const { interpreted, printed } = bothWays(e, 'i32');
      expect(printed).toEqual(interpreted);
    }
    const kernel = elementwise(inside, 'i32', 1);
    expect(printJavascriptBody(kernel)).toMatchInlineSnapshot(`
      [
        "for (let i = 0; i < 1; i++) {",
        "  out[i] = (a[i] < b[i] && a[i] >= b[i]) | 0;",
        "}",
      ]
    `);
  });
});

describe('what JavaScript cannot say', () => {
  it('vectors are refused', () => {
    const vector: Expr = {
      kind: 'load',
      type: 'f32x4',
      buffer: 'a',
      index: { kind: 'const', type: 'i32', value: 0 },
    };
    const kernel: Kernel = {
      name: 'vector',
      comment: [],
      buffers: [
        { name: 'a', element: 'f32', length: 4, access: 'read' },
        { name: 'out', element: 'f32', length: 4, access: 'write' },
      ],
      body: [
        { kind: 'store', buffer: 'out', index: { kind: 'const', type: 'i32', value: 0 }, value: vector },
      ],
    };
    expect(() => compileKernel(kernel)).toThrow('JavaScript has no vectors');
  });
});

describe('loops', () => {
  const bound = (to: Expr): string => {
    const kernel: Kernel = {
      name: 'loop',
      comment: [],
      buffers: [{ name: 'b', element: 'i32', length: 1, access: 'read' }],
      body: [
        {
          kind: 'for',
          name: 'i',
          from: { kind: 'const', type: 'i32', value: 0 },
          to,
          step: 2,
          body: [],
          independent: true,
        },
      ],
    };
    return printJavascriptBody(verifyKernel(kernel))[0]!;
  };
  const zero: Expr = { kind: 'const', type: 'i32', value: 0 };
  const b: Expr = { kind: 'load', type: 'i32', buffer: 'b', index: zero };
  const isZero: Expr = { kind: 'binary', type: 'bool', op: 'eq', left: b, right: zero };

  it('have a head of their own', () => {
    expect(bound({ kind: 'binary', type: 'i32', op: 'add', left: b, right: b })).toBe(
      'for (let i = 0; i < b[0] + b[0]; i += 2) {',
    );
  });

  it('compare with the whole end, however loosely it binds', () => {
    const choice: Expr = { kind: 'select', type: 'i32', condition: isZero, then: zero, otherwise: b };
    expect(bound(choice)).toBe('for (let i = 0; i < (b[0] === 0 ? 0 : b[0]); i += 2) {');
    expect(bound({ kind: 'binary', type: 'i32', op: 'and', left: b, right: b })).toBe(
      'for (let i = 0; i < (b[0] & b[0]); i += 2) {',
    );
  });
});
