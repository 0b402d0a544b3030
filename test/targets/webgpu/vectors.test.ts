/** Which buffers are arrays of `vec4f`, and their indices in vectors. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KernelBuilder } from '../../../compiler/kernel/builder.ts';
import {
  add,
  constant,
  f32Const,
  lt,
  max,
  mul,
  rem,
  select,
  splat,
  sub,
} from '../../../compiler/kernel/expression.ts';
import { INVOCATION, WORKGROUP } from '../../../compiler/kernel/grid.ts';
import type { Expr } from '../../../compiler/kernel/types.ts';
import { quarter, vectorBuffers } from '../../../compiler/targets/webgpu/vectors.ts';
import {
  folded,
  interpretExpression,
  text,
  trees,
  variable,
  variableValues,
} from '../../support/expressions.ts';
import { gridKernel } from './kernels.ts';

const BUFFERS = ['x: read f32[64]', 'y: read f32[64]', 'out: write f32[64]'];

const vectorsOf = (build: (k: KernelBuilder) => void): string[] => [
  ...vectorBuffers(
    gridKernel(BUFFERS, build, { workgroups: 4, invocations: 4, shared: [{ name: 'tile', length: 16 }] }),
  ),
];

const zeros = splat(f32Const(0));

describe('buffers of vectors', () => {
  it('are those that are touched at multiples of four only, as vectors', () => {
    const found = vectorsOf((k) => {
      const four = k.let('four', mul(INVOCATION, 4));
      k.store('out', add(four, mul(WORKGROUP, 16)), k.load('x', add(four, 8), 'f32x4'));
      k.store('tile', four, splat(k.load('y', four)));
      k.store('out', rem(four, 8), zeros);
    });
    expect(found).toEqual(['x', 'out', 'tile']);
  });

  it('are those that are touched at remainders of multiples by multiples', () => {
    const turned = rem(mul(INVOCATION, 4), 8);
    expect(vectorsOf((k) => k.store('out', turned, k.load('x', turned, 'f32x4')))).toEqual(
      expect.arrayContaining(['x', 'out']),
    );
  });

  it.each<[string, (k: KernelBuilder) => void]>([
    ['of a scalar', (k) => k.store('out', 0, k.load('x', 0))],
    ['at an odd place', (k) => k.store('out', 0, k.load('x', 2, 'f32x4'))],
    ['beside a multiple', (k) => k.store('out', 0, k.load('x', add(mul(INVOCATION, 4), 1), 'f32x4'))],
    ['at what is a multiple by chance', (k) => k.store('out', 0, k.load('x', INVOCATION, 'f32x4'))],
    ['at an odd remainder', (k) => k.store('out', 0, k.load('x', rem(mul(INVOCATION, 4), 6), 'f32x4'))],
    [
      'in a condition',
      (k) => {
        k.store('out', 0, k.load('x', 0, 'f32x4'));
        k.if(lt(k.load('x', 1), 1), () => k.store('out', 4, zeros));
      },
    ],
    [
      'inside of an index',
      (k) => {
        const at: Expr = { kind: 'cast', type: 'i32', value: k.load('x', 4) };
        k.store('out', 0, k.load('x', mul(at, 4), 'f32x4'));
      },
    ],
    [
      'at a variable that changes',
      (k) => {
        const at = k.variable('at', constant(0), 'i32');
        k.store('out', 0, k.load('x', at, 'f32x4'));
        k.assign(at, 1);
      },
    ],
    [
      'in a loop of another step',
      (k) => k.for('i', 0, 8, (i) => k.store('out', 0, k.load('x', i, 'f32x4')), { step: 2 }),
    ],
    [
      'in a loop from elsewhere',
      (k) => k.for('i', 2, 20, (i) => k.store('out', 0, k.load('x', i, 'f32x4')), { step: 4 }),
    ],
  ])('are not touched %s', (_name, build) => expect(vectorsOf(build)).not.toContain('x'));

  it('may be touched in loops of such steps, at the larger of multiples, at one or the other', () => {
    const found = vectorsOf((k) =>
      k.for(
        'i',
        4,
        20,
        (i) => {
          const one = k.let('one', select(lt(i, 9), i, mul(i, 2)));
          k.store('out', max(one, 0), k.load('x', sub(i, 4), 'f32x4'));
        },
        { step: 4 },
      ),
    );
    expect(found).toContain('x');
    expect(found).toContain('out');
  });

  it('are none for a name that is a multiple elsewhere only', () => {
    const found = vectorsOf((k) => {
      k.block('here', () => k.store('out', k.let('at', mul(INVOCATION, 4)), zeros));
      k.block('there', () => k.store('out', k.let('at', mul(INVOCATION, 3)), zeros));
    });
    expect(found).not.toContain('out');
  });
});

describe('a quarter', () => {
  const [i, j] = [variable('i'), variable('j')];

  it.each<[Expr, string]>([
    [constant(12), '3'],
    [mul(i, 4), 'i'],
    [mul(i, 12), 'i * 3'],
    [add(mul(i, 8), 4), 'i * 2 + 1'],
    [add(add(mul(i, 8), j), 4), 'i * 2 + (j >> 2) + 1'],
    [sub(mul(i, 8), mul(j, 4)), 'i * 2 - j'],
    [j, 'j >> 2'],
  ])('%#: %s', (e, expected) => expect(text(quarter(e))).toBe(expected));

  it('of four times anything is that', () =>
    fc.assert(
      fc.property(trees, variableValues, (tree, values) => {
        const e = folded(tree);
        const at = quarter(add(mul(e, 4), mul(variable('k'), 8)));
        const by = { ...values, k: 3 };
        expect(interpretExpression(at, by)).toBe(interpretExpression(e, by) + 6);
      }),
      { numRuns: 200, seed: 82 },
    ));
});
