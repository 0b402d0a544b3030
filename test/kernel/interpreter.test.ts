/**
 * The interpreter: its checks, and vectors, which only it can run here. Then the two ways to run a kernel
 * against each other, over the samples of every operation: the printed JavaScript in f32 arrays against the
 * interpreter in f64.
 */
import { describe, expect, it } from 'vitest';
import type { OpName, TensorType } from '../../compiler/ir/types.ts';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import {
  and,
  f32Const,
  fma,
  ge,
  gt,
  lane,
  lt,
  max,
  mul,
  not,
  or,
  select,
  splat,
  vector,
} from '../../compiler/kernel/expression.ts';
import { interpretKernel, type InterpreterArray } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { createLayout, rowMajor, type Layout } from '../../compiler/kernel/layout.ts';
import type { Kernel, KernelBuffer } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';
import { singleNodeGraph, toF64 } from '../support/gradients.ts';
import { pack, unpack } from '../support/layouts.ts';
import { sampleArrays } from '../support/samples.ts';

const buffer = (name: string, access: KernelBuffer['access'], length = 8): KernelBuffer => ({
  name,
  element: 'f32',
  length,
  access,
});

const build = (body: (k: KernelBuilder) => void): Kernel =>
  buildKernel({ name: 'test', buffers: [buffer('x', 'read'), buffer('out', 'write')] }, body);

/** `out` after the kernel ran on 0, 1, 2, ... */
function run(kernel: Kernel): number[] {
  const x = Float64Array.from({ length: 8 }, (_, i) => i);
  const out = new Float64Array(8);
  interpretKernel(verifyKernel(kernel), [x, out]);
  return [...out];
}

const f32x4 = (value: number) => splat(f32Const(value));

describe('vectors', () => {
  it('are loaded, computed lane by lane and stored', () => {
    const kernel = build((k) => {
      const [low, high] = [k.let('low', k.load('x', 0, 'f32x4')), k.let('high', k.load('x', 4, 'f32x4'))];
      k.store('out', 0, fma(low, high, splat(lane(high, 3))));
      k.store('out', 4, max(mul(low, 3), high));
    });
    // [0..3] * [4..7] + 7, then max of 3 * [0..3] and [4..7].
    expect(run(kernel)).toEqual([7, 12, 19, 28, 4, 5, 6, 9]);
  });

  it('are made of four numbers, and chosen lane by lane', () => {
    const kernel = build((k) => {
      const numbers = vector(k.load('x', 7), k.load('x', 1), k.load('x', 5), k.load('x', 3));
      const low = k.let('low', k.load('x', 0, 'f32x4'));
      const isLarge = k.let('isLarge', gt(numbers, 2));
      k.store('out', 0, select(isLarge, numbers, low));
      k.store('out', 4, select(and(not(isLarge), or(lt(low, 1), ge(low, 1))), f32x4(-1), numbers));
    });
    expect(run(kernel)).toEqual([7, 1, 5, 3, 7, -1, 5, 3]);
  });

  it('are chosen as a whole', () => {
    const kernel = build((k) =>
      k.for(
        'i',
        0,
        8,
        (i) => {
          const vector = k.load('x', i, 'f32x4');
          k.store('out', i, select(lt(i, 4), vector, mul(vector, -1)));
        },
        { step: 4 },
      ),
    );
    expect(run(kernel)).toEqual([0, 1, 2, 3, -4, -5, -6, -7]);
  });
});

describe('faults', () => {
  it('a load outside of its buffer', () => {
    const kernel = build((k) => k.for('i', 0, 9, (i) => k.store('out', 0, k.load('x', i))));
    expect(() => run(kernel)).toThrow('kernel test: x[8] is outside its 8 elements');
  });

  it('a store outside of its buffer, even where the array is longer', () => {
    const kernel = build((k) => k.for('i', 7, 9, (i) => k.store('out', i, 0)));
    expect(() => interpretKernel(kernel, [new Float64Array(8), new Float64Array(16)])).toThrow(
      'kernel test: out[8] is outside its 8 elements',
    );
  });

  it('a vector that reaches outside', () => {
    const kernel = build((k) => k.for('i', 4, 6, (i) => k.store('out', 0, k.load('x', i, 'f32x4'))));
    expect(() => run(kernel)).toThrow('kernel test: x[5] is outside its 8 elements');
  });

  it('an index before the start', () => {
    const kernel = build((k) => k.for('i', -1, 1, (i) => k.store('out', 0, k.load('x', i))));
    expect(() => run(kernel)).toThrow('kernel test: x[-1] is outside its 8 elements');
  });

  it('a branch that is not taken is not checked', () => {
    const kernel = build((k) =>
      k.for('i', 0, 9, (i) => k.store('out', 0, select(lt(i, 8), k.load('x', i), 5))),
    );
    expect(run(kernel)[0]).toBe(5);
  });

  it.each([
    ['a missing array', [new Float64Array(8)], 'kernel test: out needs 8 elements, got undefined'],
    ['a short array', [new Float64Array(8), new Float64Array(7)], 'kernel test: out needs 8 elements, got 7'],
  ])('%s', (_name, arrays, message) => {
    expect(() =>
      interpretKernel(
        build(() => {}),
        arrays,
      ),
    ).toThrow(message);
  });

  it('a read of what is written only', () => {
    expect(() => run2(build((k) => k.store('out', 0, k.load('out', 1))))).toThrow('kernel test');
  });
});

/** Runs a kernel without the verifier. */
const run2 = (kernel: Kernel): void => interpretKernel(kernel, [new Float64Array(8), new Float64Array(8)]);

/**
 * Both run the same operations on the same doubles in the same order, and an operation's kernel never reads
 * what it stores. What f32 arrays add is one rounding, at each store: the result is exactly the f64 result
 * rounded once, and integers are exactly equal.
 */
describe('JavaScript in f32 is the interpreter in f64, rounded once', () => {
  for (const op of opNames.filter((name) => !definitionOf(name).structural)) {
    for (const sample of definitionOf<OpName>(op).samples) {
      it(`${op}: ${sample.name}`, () => {
        const { node } = singleNodeGraph(op, sample.inputs, sample.attrs);
        const arrays = sampleArrays(op, sample);
        const inputs = sample.inputs.map(shuffledLayout);
        const output = shuffledLayout(node.type);
        for (const layouts of [undefined, { inputs, output }]) {
          const kernel = verifyKernel(referenceKernel(node, sample.inputs, layouts));
          const places = layouts ?? {
            inputs: sample.inputs.map(({ shape }) => rowMajor(shape)),
            output: rowMajor(node.type.shape),
          };
          const packed = arrays.map((array, i) => pack(places.inputs[i]!, array));
          const exact = resultArray(node.type, places.output.size, Float64Array);
          interpretKernel(kernel, [...packed.map(toF64), exact]);
          const rounded = resultArray(node.type, places.output.size, Float32Array);
          compileKernel(kernel)(...packed, rounded);
          expect([...unpack(places.output, rounded)]).toEqual(
            [...unpack(places.output, exact)].map(rounding(node.type)),
          );
        }
      });
    }
  }
});

/** The axes in another order: what is right in any layout must not assume row-major. */
const shuffledLayout = ({ shape }: TensorType): Layout =>
  createLayout('reversed', shape, shape.map((_, axis) => axis).reverse());

const rounding = ({ dtype }: TensorType): ((value: number) => number) =>
  dtype === 'f32' ? Math.fround : (value) => value;

/** NaN where nothing is stored. */
function resultArray(
  { dtype }: TensorType,
  size: number,
  kind: typeof Float32Array | typeof Float64Array,
): Extract<InterpreterArray, Float32Array | Float64Array | Int32Array | Uint32Array> {
  if (dtype === 'f32') return new kind(size).fill(NaN);
  return dtype === 'i32' ? new Int32Array(size) : new Uint32Array(size);
}
