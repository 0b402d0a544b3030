/** The printer: the text of a kernel, with parentheses exactly where the meaning needs them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKernel } from '../../compiler/kernel/builder.ts';
import * as e from '../../compiler/kernel/expression.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { BinaryOp, Expr, Kernel } from '../../compiler/kernel/types.ts';
import { evaluateTree, text, trees, variable, variableValues, type Tree } from '../support/expressions.ts';

const [i, j, k] = [variable('i'), variable('j'), variable('k')];
const x: Expr = { kind: 'var', type: 'f32', name: 'x' };
const v: Expr = { kind: 'var', type: 'f32x4', name: 'v' };

const binary = (op: BinaryOp, left: Expr, right: Expr): Expr => ({
  kind: 'binary',
  type: left.type,
  op,
  left,
  right,
});

describe('parentheses', () => {
  it.each<[string, Expr]>([
    ['i - (j - k)', binary('sub', i, binary('sub', j, k))],
    ['i - j - k', binary('sub', binary('sub', i, j), k)],
    ['(i + j) * k', binary('mul', binary('add', i, j), k)],
    ['i + j * k', binary('add', i, binary('mul', j, k))],
    ['i / (j * k)', binary('div', i, binary('mul', j, k))],
    ['(i * j) % k', binary('rem', binary('mul', i, j), k)],
    ['i & (j << k)', binary('and', i, binary('shl', j, k))],
    ['(i | j) ^ k', binary('xor', binary('or', i, j), k)],
    ['-(i + j)', e.neg(binary('add', i, j))],
    ['-(-i)', e.neg(e.neg(i))],
    ['i - -3', binary('sub', i, e.constant(-3))],
    ['-y', e.neg({ kind: 'var', type: 'f32', name: 'y' })],
    ['!(i < j && j < k)', e.not(e.and(e.lt(i, j), e.lt(j, k)))],
    ['(i < j || j < k) && i < k', e.and(e.or(e.lt(i, j), e.lt(j, k)), e.lt(i, k))],
    ['x * (x + 1) + x', e.fma(x, e.add(x, 1), x)],
    ['(x * x + x) * 2', e.mul(e.fma(x, x, x), 2)],
    [
      'i < j || j < k ? i : i < k ? j : k',
      e.select(e.or(e.lt(i, j), e.lt(j, k)), i, e.select(e.lt(i, k), j, k)),
    ],
    ['i < j ? (i < k ? j : k) : i', e.select(e.lt(i, j), e.select(e.lt(i, k), j, k), i)],
    ['(i < j ? i : j) + 1', e.add(e.select(e.lt(i, j), i, j), 1)],
    ['(v * v + v)[2]', e.lane(e.fma(v, v, v), 2)],
    ['f32x4(x + 1)', e.splat(e.add(x, 1))],
    ['f32x4(x, x + 1, 2, 3)', e.vector(x, e.add(x, 1), e.f32Const(2), e.f32Const(3))],
    ['(v < v) & !(v == v) ? v : f32x4(0)', e.select(e.and(e.lt(v, v), e.not(e.eq(v, v))), v, 0)],
    ['max(i + 1, j)', e.max(e.add(i, 1), j)],
  ])('%s', (expected, expression) => {
    expect(text(expression)).toBe(expected);
  });

  it('keep the meaning of every tree', () => {
    fc.assert(
      fc.property(trees, variableValues, (tree, values) => {
        const printed = text(unfolded(tree));
        // `/` is exact there, so quotients are left out: their rounding is not the printer's affair.
        fc.pre(!printed.includes('/'));
        const run = new Function('i', 'j', 'k', `return ${printed}`) as (...values: number[]) => number;
        expect(run(values.i, values.j, values.k) + 0, printed).toBe(evaluateTree(tree, values) + 0);
      }),
      { numRuns: 1000 },
    );
  });
});

/** The tree as it stands, without the constructors' folding. */
function unfolded(tree: Tree): Expr {
  if (tree.kind === 'number') return e.constant(tree.value);
  if (tree.kind === 'variable') return variable(tree.name);
  return binary(tree.op, unfolded(tree.left), unfolded(tree.right));
}

describe('numbers', () => {
  it.each<[number, string]>([
    [1, '1'],
    [-0, '-0'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [Math.fround(0.1), '0.10000000149011612'],
    [Infinity, 'Infinity'],
    [NaN, 'NaN'],
  ])('%d reads %s', (value, expected) => {
    expect(text(e.f32Const(value))).toBe(expected);
  });
});

const buffers: Kernel['buffers'] = [
  { name: 'x', element: 'f32', length: 12, access: 'read' },
  { name: 'labels', element: 'i32', length: 3, access: 'read' },
  { name: 'out', element: 'f32', length: 3, access: 'readWrite' },
];

describe('kernels', () => {
  it('read like a small program', () => {
    const comment = ['Picks one number of each row.', 'Rows whose label is negative stay.'];
    const kernel = buildKernel({ name: 'pick_3x4', comment, buffers }, (b) => {
      b.for('row', 0, 3, (row) => {
        const label = b.let('label', b.load('labels', row));
        const scale = b.variable('scale', 1);
        b.for('column', 0, label, (column) => {
          b.assign(scale, e.add(scale, b.load('x', e.add(e.mul(row, 4), column))));
          b.assign(scale, e.fma(scale, scale, scale));
          b.assign(scale, e.mul(scale, 2));
        });
        b.if(
          e.ge(label, 0),
          () => b.store('out', row, e.mul(b.load('x', e.add(e.mul(row, 4), label)), scale)),
          () => {
            b.comment('nothing to pick');
            b.barrier();
          },
        );
      });
    });
    expect(printKernel(kernel)).toMatchInlineSnapshot(`
      "// Picks one number of each row.
      // Rows whose label is negative stay.
      kernel pick_3x4(x: read f32[12], labels: read i32[3], out: readWrite f32[3]) {
        for row in 0..3 {
          let label: i32 = labels[row]
          var scale: f32 = 1
          for column in 0..label {
            scale += x[row * 4 + column]
            scale += scale * scale
            scale = scale * 2
          }
          if (label >= 0) {
            out[row] = x[row * 4 + label] * scale
          } else {
            // nothing to pick
            barrier
          }
        }
      }"
    `);
  });

  it('show vectors and u32 sums, which wrap, in full', () => {
    const vectors: Kernel['buffers'] = [
      { name: 'x', element: 'f32', length: 8, access: 'read' },
      { name: 'out', element: 'f32', length: 8, access: 'write' },
    ];
    const kernel = buildKernel({ name: 'vectors', buffers: vectors }, (b) => {
      const counter = b.variable('counter', e.u32Const(7));
      b.assign(counter, e.add(counter, 1));
      b.for(
        'i',
        0,
        8,
        (at) =>
          b.store('out', at, e.fma(b.load('x', at, 'f32x4'), e.splat(e.f32Const(2)), e.splat(e.f32Const(1)))),
        { step: 4 },
      );
    });
    expect(printKernel(kernel)).toMatchInlineSnapshot(`
      "kernel vectors(x: read f32[8], out: write f32[8]) {
        var counter: u32 = 7
        counter = counter + 1
        for i in 0..8 step 4 {
          out[i] = x[i] * f32x4(2) + f32x4(1)
        }
      }"
    `);
  });
});
