/** Layouts: where elements lie, that no two lie at one place, and copies from one layout to another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constant } from '../../compiler/kernel/expression.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import {
  channelsLast,
  createLayout,
  elementIndex,
  rowMajor,
  sameLayout,
  strideOf,
  type Layout,
  type LayoutPart,
} from '../../compiler/kernel/layout.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Expr } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { repackKernel } from '../../compiler/lowering/repack.ts';
import { text } from '../support/expressions.ts';
import { indicesOf, pack, placeOf } from '../support/layouts.ts';

const NAMES = ['n', 'c', 'y', 'x'];
const index: Expr[] = NAMES.map((name) => ({ kind: 'var', type: 'i32', name }));

const blocked = (shape: readonly number[], block: number): Layout =>
  createLayout(`ohwi${block}`, shape, [0, 2, 3, 1, { axis: 0, block }]);

/** The folded index of constants is a constant. */
function foldedPlace(layout: Layout, at: readonly number[]): number {
  const e = elementIndex(
    layout,
    at.map((i) => constant(i)),
  );
  if (e.kind !== 'const') throw new Error(`${text(e)} is left of constant indices`);
  return e.value;
}

describe('the index', () => {
  it.each<[string, Layout, string]>([
    ['row-major', rowMajor([2, 3, 4, 5]), 'n * 60 + c * 20 + y * 5 + x'],
    ['row-major, one image', rowMajor([1, 3, 4, 5]), 'c * 20 + y * 5 + x'],
    ['channels last', channelsLast([2, 3, 4, 5]), 'n * 60 + y * 15 + x * 3 + c'],
    ['channels last, one channel', channelsLast([2, 1, 4, 5]), 'n * 20 + y * 5 + x'],
    ['blocked', blocked([8, 3, 2, 2], 4), '(n / 4) * 48 + y * 24 + x * 12 + c * 4 + (n % 4)'],
    ['blocked, padded', blocked([6, 3, 2, 2], 4), '(n / 4) * 48 + y * 24 + x * 12 + c * 4 + (n % 4)'],
    ['one element', rowMajor([1, 1, 1, 1]), '0'],
  ])('%s', (_name, layout, expected) => {
    expect(text(elementIndex(layout, index))).toBe(expected);
  });

  it('of a scalar is 0', () => {
    expect(rowMajor([]).size).toBe(1);
    expect(text(elementIndex(rowMajor([]), []))).toBe('0');
  });
});

describe('a layout', () => {
  it('says its size, padding included', () => {
    expect(rowMajor([2, 3, 4, 5]).size).toBe(120);
    expect(channelsLast([2, 3, 4, 5]).size).toBe(120);
    expect(blocked([6, 3, 2, 2], 4).size).toBe(8 * 3 * 2 * 2);
  });

  it('says the stride of an axis, where there is one', () => {
    expect([0, 1, 2, 3].map((axis) => strideOf(channelsLast([2, 3, 4, 5]), axis))).toEqual([60, 1, 15, 3]);
    expect(() => strideOf(blocked([8, 3, 2, 2], 4), 0)).toThrow(
      'axis 0 of layout ohwi4 has no single stride',
    );
  });

  it('is the same as another where axes of extent 1 are all that differs', () => {
    expect(sameLayout(rowMajor([2, 1, 4, 5]), channelsLast([2, 1, 4, 5]))).toBe(true);
    expect(sameLayout(rowMajor([2, 3, 1, 1]), channelsLast([2, 3, 1, 1]))).toBe(true);
    expect(sameLayout(rowMajor([2, 3, 4, 5]), channelsLast([2, 3, 4, 5]))).toBe(false);
    expect(sameLayout(rowMajor([2, 3, 1, 5]), channelsLast([2, 3, 1, 5]))).toBe(false);
    expect(sameLayout(blocked([6, 3, 2, 2], 4), blocked([8, 3, 2, 2], 4))).toBe(true);
    expect(sameLayout(blocked([8, 3, 2, 2], 4), blocked([8, 3, 2, 2], 2))).toBe(false);
  });
});

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

interface Ordered {
  readonly shape: readonly number[];
  readonly order: readonly number[];
}

const ordered: fc.Arbitrary<Ordered> = shapes.chain((shape) =>
  fc
    .shuffledSubarray(
      shape.map((_, axis) => axis),
      { minLength: shape.length },
    )
    .map((order) => ({ shape, order })),
);

/** Axes in any order, one of them blocked at the innermost place. */
const layoutsOf = (shape: readonly number[]): fc.Arbitrary<Layout> =>
  fc
    .tuple(
      fc.shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length },
      ),
      fc.option(fc.record({ axis: fc.nat(shape.length - 1), block: fc.integer({ min: 1, max: 4 }) }), {
        nil: undefined,
      }),
    )
    .map(([order, block]) => {
      const parts: LayoutPart[] = block ? [...order, block] : [...order];
      return createLayout(block ? 'blocked' : 'ordered', shape, parts);
    });

const twoLayouts = shapes.chain((shape) => fc.tuple(layoutsOf(shape), layoutsOf(shape)));

describe('every element has its place', () => {
  it('one of [0, size), and every place its element, where nothing is padded', () => {
    fc.assert(
      fc.property(ordered, ({ shape, order }) => {
        const layout = createLayout('ordered', shape, order);
        const places = [...indicesOf(shape)].map((at) => foldedPlace(layout, at));
        expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: layout.size }, (_, i) => i));
      }),
    );
  });

  it('of its own within the size, blocks included', () => {
    fc.assert(
      fc.property(shapes.chain(layoutsOf), (layout) => {
        const places = [...indicesOf(layout.shape)].map((at) => foldedPlace(layout, at));
        expect(new Set(places).size).toBe(places.length);
        expect(places.every((place) => place >= 0 && place < layout.size)).toBe(true);
      }),
    );
  });

  it('which the factors name', () => {
    fc.assert(
      fc.property(shapes.chain(layoutsOf), (layout) => {
        for (const at of indicesOf(layout.shape)) expect(foldedPlace(layout, at)).toBe(placeOf(layout, at));
      }),
    );
  });
});

describe('repacking', () => {
  it('reads like a copy', () => {
    expect(printKernel(repackKernel(rowMajor([1, 3, 4, 4]), channelsLast([1, 3, 4, 4]), 'f32')))
      .toMatchInlineSnapshot(`
        "// repack_rowMajor_to_nhwc: copy
        //     out = x, the same elements at other places
        // x: f32[1,3,4,4], row-major
        // out: f32[1,3,4,4], in memory [n 1][h 4][w 4][c 3]
        kernel repack_rowMajor_to_nhwc(x: read f32[48], out: write f32[48]) {
          for c1 in 0..4 {
            for d2 in 0..4 {
              for b3 in 0..3 {
                out[c1 * 12 + d2 * 3 + b3] = x[b3 * 16 + c1 * 4 + d2]
              }
            }
          }
        }"
      `);
    expect(printKernel(repackKernel(rowMajor([6, 2, 1, 1]), blocked([6, 2, 1, 1], 4), 'f32')))
      .toMatchInlineSnapshot(`
        "// repack_rowMajor_to_ohwi4: copy
        //     out = x, the same elements at other places
        // x: f32[6,2,1,1], row-major
        // out: f32[6,2,1,1], in memory [o / 4: 2][kh 1][kw 1][i 2][o % 4], filled up with zeros
        kernel repack_rowMajor_to_ohwi4(x: read f32[12], out: write f32[16]) {
          for a0 in 0..2 {
            for b3 in 0..2 {
              for a4 in 0..4 {
                out[a0 * 8 + b3 * 4 + a4] = a0 * 4 + a4 < 6 ? x[(a0 * 4 + a4) * 2 + b3] : 0
              }
            }
          }
        }"
      `);
  });

  it('moves every element to its place and fills the padding with 0', () => {
    fc.assert(
      fc.property(twoLayouts, ([from, to]) => {
        const kernel = verifyKernel(repackKernel(from, to, 'f32'));
        const numbers = Float64Array.from({ length: sizeOf(from) }, (_, i) => i + 1);
        // NaN: what the source pads with must not be read, and every place of the result is written.
        const x = pack(from, numbers).map((value) => (value === 0 ? NaN : value));
        for (const run of [
          interpretKernel,
          (_: typeof kernel, arrays: Float64Array[]) => compileKernel(kernel)(...arrays),
        ]) {
          const out = new Float64Array(to.size).fill(NaN);
          run(kernel, [x, out]);
          expect([...out]).toEqual([...pack(to, numbers)]);
        }
      }),
    );
  });

  it('and back is where it started', () => {
    fc.assert(
      fc.property(twoLayouts, ([from, to]) => {
        const numbers = Float64Array.from({ length: sizeOf(from) }, (_, i) => i + 1);
        const [there, back] = [new Float64Array(to.size).fill(NaN), new Float64Array(from.size).fill(NaN)];
        interpretKernel(repackKernel(from, to, 'f32'), [pack(from, numbers), there]);
        interpretKernel(repackKernel(to, from, 'f32'), [there, back]);
        expect([...back]).toEqual([...pack(from, numbers)]);
      }),
    );
  });

  it('keeps integers', () => {
    const [from, to] = [rowMajor([2, 3, 1, 2]), blocked([2, 3, 1, 2], 4)];
    const x = Int32Array.from({ length: 12 }, (_, i) => 0x7fffffff - i);
    const out = new Int32Array(to.size).fill(-1);
    interpretKernel(verifyKernel(repackKernel(from, to, 'i32')), [x, out]);
    expect(out).toEqual(pack(to, x));
  });
});

const sizeOf = ({ shape }: Layout): number => shape.reduce((product, extent) => product * extent, 1);
