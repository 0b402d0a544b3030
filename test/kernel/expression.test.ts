/** The constructors of expressions: what folds, to what text, and that folding never changes a value. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  and,
  boolConst,
  cast,
  ceil,
  constant,
  div,
  eq,
  exp,
  f32Const,
  ge,
  inside,
  isConst,
  lt,
  max,
  min,
  mul,
  ne,
  neg,
  not,
  or,
  rem,
  roundEven,
  select,
  shl,
  shr,
  splat,
  sqrt,
  sub,
  u32Const,
  xor,
} from '../../compiler/kernel/expression.ts';
import type { Expr } from '../../compiler/kernel/types.ts';
import {
  evaluateTree,
  folded,
  interpretExpression,
  runExpression,
  text,
  trees,
  variable,
  variableValues,
} from '../support/expressions.ts';

const [i, j] = [variable('i'), variable('j')];
const x: Expr = { kind: 'var', type: 'f32', name: 'x' };
const u: Expr = { kind: 'var', type: 'u32', name: 'u' };
const b: Expr = { kind: 'var', type: 'bool', name: 'b' };

describe('integer sums', () => {
  it.each<[string, Expr]>([
    ['i', add(i, 0)],
    ['i', add(0, i)],
    ['i + 3', add(3, i)],
    ['i + 3', add(add(i, 1), 2)],
    ['i', add(add(i, 1), -1)],
    ['i - 3', add(add(i, 1), -4)],
    ['i + j + 3', add(add(i, 1), add(j, 2))],
    ['i', sub(i, 0)],
    ['i + 2', sub(i, -2)],
    ['i + 3', sub(add(i, 5), 2)],
    ['i - j - 2', sub(add(i, 5), add(j, 7))],
    ['2 - i', sub(5, add(i, 3))],
    ['4', sub(7, 3)],
    ['i * 4 + j * 2 + 1', add(mul(i, 4), add(mul(j, 2), 1))],
  ])('%s', (expected, e) => {
    expect(text(e)).toBe(expected);
  });
});

describe('integer products', () => {
  it.each<[string, Expr]>([
    ['i', mul(i, 1)],
    ['i', mul(1, i)],
    ['0', mul(i, 0)],
    ['0', mul(0, i)],
    ['i * 3', mul(3, i)],
    ['i * 12', mul(mul(i, 3), 4)],
    ['i * 4 + 4', mul(add(i, 1), 4)],
    ['i * 4 - 4', mul(sub(i, 1), 4)],
    ['i * 6 + 3', mul(add(mul(i, 2), 1), 3)],
    ['42', mul(6, 7)],
  ])('%s', (expected, e) => {
    expect(text(e)).toBe(expected);
  });
});

describe('integer quotients', () => {
  it.each<[string, Expr]>([
    ['i', div(i, 1)],
    ['i * 3', div(mul(i, 12), 4)],
    ['i', div(mul(i, 4), 4)],
    ['(i * 4) / 8', div(mul(i, 4), 8)],
    ['3', div(7, 2)],
    ['-3', div(-7, 2)],
    ['0', rem(i, 1)],
    ['0', rem(mul(i, 12), 4)],
    ['(i * 4) % 12', rem(mul(i, 4), 12)],
    ['3', rem(7, 4)],
    ['-3', rem(-7, 4)],
  ])('%s', (expected, e) => {
    expect(text(e)).toBe(expected);
  });

  it('leaves sums alone, since toward zero (a * 4 + r) / 4 is not a + r / 4', () => {
    expect(text(div(add(mul(i, 4), 1), 4))).toBe('(i * 4 + 1) / 4');
    expect(text(rem(add(mul(i, 4), 1), 4))).toBe('(i * 4 + 1) % 4');
  });
});

describe('folding', () => {
  it('never changes the value of an index', () => {
    fc.assert(
      fc.property(trees, variableValues, (tree, values) => {
        const e = folded(tree);
        const expected = evaluateTree(tree, values);
        // + 0: the sign of an integer zero means nothing.
        expect(interpretExpression(e, values) + 0, text(e)).toBe(expected + 0);
        expect(runExpression(e, values) + 0, text(e)).toBe(expected + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves no constant on the left of a sum and at most one in a sum', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        forEachSum(folded(tree), ({ left, right, op }) => {
          if (op === 'add') expect(isConst(left)).toBe(false);
          if (isConst(right))
            expect(left.kind === 'binary' && isAdditive(left) && isConst(left.right)).toBe(false);
        });
      }),
    );
  });

  it('computes an expression of constants only', () => {
    const closed = trees.filter((tree) => !JSON.stringify(tree).includes('variable'));
    fc.assert(
      fc.property(closed, (tree) => {
        const e = folded(tree);
        if (!isConst(e)) throw new Error(`${text(e)} is left`);
        expect(e.value + 0).toBe(evaluateTree(tree, { i: 0, j: 0, k: 0 }) + 0);
      }),
    );
  });
});

type Binary = Extract<Expr, { kind: 'binary' }>;
const isAdditive = ({ op }: Binary): boolean => op === 'add' || op === 'sub';

function forEachSum(e: Expr, see: (sum: Binary) => void): void {
  if (e.kind !== 'binary') return;
  if (isAdditive(e)) see(e);
  forEachSum(e.left, see);
  forEachSum(e.right, see);
}

describe('other types', () => {
  it.each<[string, Expr, string]>([
    ['f32 identities', mul(add(x, 0), 1), 'x'],
    ['f32 sums stay in their order, rounding depends on it', add(add(x, 1), 2), 'x + 1 + 2'],
    ['f32 products by 0 stay: NaN and infinity must come through', mul(x, 0), 'x * 0'],
    ['f32 remainders by 1 stay', rem(x, 1), 'x % 1'],
    ['f32 quotients by 1', div(x, 1), 'x'],
    ['f32 constants', sqrt(f32Const(9)), '3'],
    ['u32 sums wrap around', add(u32Const(4294967295), 2), '1'],
    ['u32 differences wrap around', sub(u32Const(0), 1), '4294967295'],
    ['u32 products wrap around', mul(u32Const(0x10001), u32Const(0x10001)), '131073'],
    ['u32 shifts', shr(u32Const(0x80000000), 31), '1'],
    ['u32 shifts to the left wrap around', shl(u32Const(3), 31), '2147483648'],
    ['u32 bits', xor(u32Const(0xffff0000), u32Const(0x00ffff00)), '4278255360'],
    ['u32 remainders by 1', rem(u, 1), '0'],
    ['a quotient of u32 constants', div(u32Const(4294967295), u32Const(2)), '2147483647'],
    ['minimum and maximum', max(min(3, 5), 2), '3'],
    ['a minimum that is not known', min(i, 5), 'min(i, 5)'],
  ])('%s', (_name, e, expected) => {
    expect(text(e)).toBe(expected);
  });

  it('takes a number as the type of the other operand', () => {
    expect(add(x, 1)).toMatchObject({ type: 'f32', right: { type: 'f32', value: 1 } });
    expect(add(1, u)).toMatchObject({ type: 'u32', left: { type: 'u32', value: 1 } });
    expect(lt(x, 1)).toMatchObject({ type: 'bool', right: { type: 'f32', value: 1 } });
    expect(select(b, 1, x)).toMatchObject({ type: 'f32', then: { type: 'f32', value: 1 } });
  });

  it('spreads two numbers under a mask', () => {
    const mask = lt(splat(x), 0);
    expect(text(select(mask, f32Const(1), 0.5))).toBe('f32x4(x) < f32x4(0) ? f32x4(1) : f32x4(0.5)');
  });
});

describe('conditions', () => {
  it.each<[string, Expr, string]>([
    ['a comparison of constants', lt(1, 2), 'true'],
    ['and with true', and(boolConst(true), b), 'b'],
    ['and with false', and(b, boolConst(false)), 'false'],
    ['or with true', or(b, boolConst(true)), 'true'],
    ['or with false', or(boolConst(false), b), 'b'],
    ['not', not(eq(2, 2)), 'false'],
    ['a known choice', select(ne(1, 2), i, j), 'i'],
    ['a choice', select(lt(i, 3), i, j), 'i < 3 ? i : j'],
    ['a constant inside', inside(constant(3), 4), 'true'],
    ['a constant outside', inside(constant(4), 4), 'false'],
    ['a negative constant outside', inside(constant(-1), 4), 'false'],
    ['a variable', inside(i, 4), 'i >= 0 && i < 4'],
    ['nesting', or(and(ge(i, 0), b), not(b)), 'i >= 0 && b || !b'],
  ])('%s', (_name, e, expected) => {
    expect(text(e)).toBe(expected);
  });
});

describe('functions and casts', () => {
  it.each<[string, Expr, Expr]>([
    ['neg', neg(f32Const(2)), f32Const(-2)],
    ['exp', exp(f32Const(0)), f32Const(1)],
    ['ceil', ceil(f32Const(1.2)), f32Const(2)],
    ['roundEven of 2.5', roundEven(f32Const(2.5)), f32Const(2)],
    ['roundEven of 3.5', roundEven(f32Const(3.5)), f32Const(4)],
    ['roundEven of -0.5', roundEven(f32Const(-0.5)), f32Const(0)],
    ['roundEven of -1.5', roundEven(f32Const(-1.5)), f32Const(-2)],
    ['f32 to i32, toward zero', cast(f32Const(-2.7), 'i32'), constant(-2)],
    ['i32 to u32, the same bits', cast(constant(-1), 'u32'), u32Const(4294967295)],
    ['u32 to i32, the same bits', cast(u32Const(4294967295), 'i32'), constant(-1)],
    ['i32 to f32', cast(constant(7), 'f32'), f32Const(7)],
    ['bool to f32', cast(boolConst(true), 'f32'), f32Const(1)],
  ])('%s', (_name, e, expected) => {
    // Zeros of either sign are equal here.
    expect(e.type).toBe(expected.type);
    expect(isConst(e) && isConst(expected) && e.value === expected.value).toBe(true);
  });

  it('casts a value to its own type for nothing', () => {
    expect(cast(i, 'i32')).toBe(i);
    expect(text(cast(i, 'f32'))).toBe('f32(i)');
  });
});
