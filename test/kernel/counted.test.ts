/** Kernels that run on any number of images, and the normal form that proves what they do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { countedKernel, doesSame } from '../../compiler/kernel/counted.ts';
import { add, fma, mul, rem, sub } from '../../compiler/kernel/expression.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { normalForm } from '../../compiler/kernel/normalForm.ts';
import { shareKernelIndices } from '../../compiler/kernel/passes/shareIndices.ts';
import type { Expr, Kernel, KernelBuffer, Statement } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { mapExpr, mapStatement } from '../../compiler/kernel/walk.ts';
import { randomKernels } from '../support/randomKernels.ts';

const buffersOf = (images: number): KernelBuffer[] => [
  { name: 'x', element: 'f32', length: images * 6, access: 'read' },
  { name: 'out', element: 'f32', length: images * 2, access: 'readWrite' },
];

const build = (images: number, body: (k: KernelBuilder) => void): Kernel =>
  verifyKernel(buildKernel({ name: 'test', buffers: buffersOf(images) }, body));

/** The sums of three neighbours; with one image the loop over images vanishes. */
const sums = (images: number): Kernel =>
  build(images, (k) =>
    k.for('n', 0, images, (n) => {
      const image = k.let('image', mul(n, 6));
      k.for('j', 0, 2, (j) => {
        const sum = k.variable('sum', k.load('x', add(image, mul(j, 3))));
        k.for('i', 1, 3, (i) => k.assign(sum, add(sum, k.load('x', add(add(image, mul(j, 3)), i)))));
        k.store('out', add(mul(n, 2), j), sum);
      });
    }),
  );

const textOf = (body: (k: KernelBuilder) => void): string => normalForm(build(4, body).body);

describe('a counted kernel', () => {
  const counted = verifyKernel(countedKernel(sums(4), 4)!);

  it('takes the number of images as an argument', () => {
    expect(counted.count).toEqual({ name: 'images', most: 4 });
  });

  it.each([1, 2, 3, 4])('does for %i images what the kernel for so many does', (images) => {
    expect(doesSame(counted, images, sums(images))).toBe(true);
    const x = Float64Array.from({ length: images * 6 }, (_, i) => Math.sin(i));
    const [expected, interpreted, compiled] = [0, 1, 2].map(() => new Float64Array(images * 2));
    interpretKernel(sums(images), [x, expected!]);
    interpretKernel(counted, [x, interpreted!], images);
    compileKernel(counted)(x, compiled!, images);
    expect(interpreted).toEqual(expected);
    expect(compiled).toEqual(expected);
  });

  it('is not taken for the kernel of another number of images', () => {
    expect(doesSame(counted, 2, sums(3))).toBe(false);
  });

  it('is not taken for a kernel with other buffers', () => {
    const [x, out] = buffersOf(2);
    expect(doesSame(counted, 2, { ...sums(2), buffers: [x!, { ...out!, access: 'write' }] })).toBe(false);
  });

  it('counts loops that are no loops over images, but then it does not do the same', () => {
    const channels = (images: number): Kernel =>
      build(4, (k) => k.for('c', 0, 4, (c) => k.for('n', 0, images, (n) => k.store('out', add(c, n), 1))));
    const one = countedKernel(channels(4), 4)!;
    expect(one.count).toBeDefined();
    expect(doesSame(one, 2, channels(2))).toBe(false);
  });

  it('does not exist for a kernel without such a loop', () => {
    expect(
      countedKernel(
        build(4, (k) => k.store('out', 0, 1)),
        4,
      ),
    ).toBeUndefined();
  });
});

describe('the normal form', () => {
  it('does not depend on names, comments and the way of writing an index', () => {
    const one = textOf((k) => {
      k.for('i', 0, 4, (i) => {
        const at = k.let('at', add(mul(i, 2), 1));
        k.store('out', at, k.load('x', add(at, i)));
      });
    });
    const other = textOf((k) => {
      k.comment('the same');
      k.for('row', 0, 4, (row) => k.store('out', add(1, mul(2, row)), k.load('x', add(mul(row, 3), 1))));
    });
    expect(other).toBe(one);
  });

  it('leaves out loops that run once, and takes the side of a known branch', () => {
    const one: Statement[] = [...build(4, (k) => k.store('out', 3, 1)).body];
    const constant = (value: number): Expr => ({ kind: 'const', type: 'i32', value });
    const loop: Statement = {
      kind: 'for',
      ...{ name: 'i', from: constant(3), to: constant(4), step: 1, independent: true },
      body: [
        {
          kind: 'store',
          buffer: 'out',
          index: { kind: 'var', type: 'i32', name: 'i' },
          value: { kind: 'const', type: 'f32', value: 1 },
        },
      ],
    };
    const branch: Statement = {
      kind: 'if',
      condition: { kind: 'binary', type: 'bool', op: 'lt', left: constant(1), right: constant(2) },
      then: [loop],
      otherwise: [],
    };
    expect(normalForm([branch])).toBe(normalForm(one));
  });

  it.each<[string, (k: KernelBuilder) => void, (k: KernelBuilder) => void]>([
    [
      'the order of sums of numbers',
      (k) => k.store('out', 0, add(add(k.load('x', 0), k.load('x', 1)), k.load('x', 2))),
      (k) => k.store('out', 0, add(k.load('x', 0), add(k.load('x', 1), k.load('x', 2)))),
    ],
    [
      'one rounding or two',
      (k) => k.store('out', 0, fma(k.load('x', 0), k.load('x', 1), k.load('x', 2))),
      (k) => k.store('out', 0, add(mul(k.load('x', 0), k.load('x', 1)), k.load('x', 2))),
    ],
    [
      'the sign of zero',
      (k) => k.store('out', 0, 0),
      (k) => k.store('out', 0, { kind: 'const', type: 'f32', value: -0 }),
    ],
    [
      'the order of stores',
      (k) => (k.store('out', 0, 1), k.store('out', 1, 2)),
      (k) => (k.store('out', 1, 2), k.store('out', 0, 1)),
    ],
    [
      'a load before or after a store',
      (k) => {
        const x = k.let('x0', k.load('out', 0));
        k.store('out', 0, 1);
        k.store('out', 1, x);
      },
      (k) => {
        k.store('out', 0, 1);
        k.store('out', 1, k.load('out', 0));
      },
    ],
    [
      'a variable before or after it changes',
      (k) => {
        const i = k.variable('i', { kind: 'const', type: 'i32', value: 0 });
        const at = k.let('at', add(i, 1));
        k.assign(i, add(i, 1));
        k.store('out', at, 1);
      },
      (k) => {
        const i = k.variable('i', { kind: 'const', type: 'i32', value: 0 });
        k.assign(i, add(i, 1));
        k.store('out', add(i, 1), 1);
      },
    ],
    [
      'a remainder',
      (k) => k.for('i', 0, 4, (i) => k.store('out', rem(i, 2), 1)),
      (k) => k.for('i', 0, 4, (i) => k.store('out', rem(i, 3), 1)),
    ],
    [
      'the step of a loop',
      (k) => k.for('i', 0, 4, (i) => k.store('out', i, 1), { step: 2 }),
      (k) => k.for('i', 0, 4, (i) => k.store('out', i, 1)),
    ],
    [
      'where an index is',
      (k) => k.for('i', 0, 4, (i) => k.store('out', sub(3, i), 1)),
      (k) => k.for('i', 0, 4, (i) => k.store('out', i, 1)),
    ],
  ])('distinguishes %s', (_, one, other) => {
    expect(textOf(one)).not.toBe(textOf(other));
  });

  it('is kept by the pass that names common bases, for random kernels', () => {
    fc.assert(
      fc.property(randomKernels, (kernel) => {
        expect(normalForm(shareKernelIndices(kernel).body)).toBe(normalForm(kernel.body));
      }),
    );
  });

  it('changes with each stored index of a random kernel', () => {
    fc.assert(
      fc.property(randomKernels, (kernel) => {
        const shifted = (body: readonly Statement[]): Statement[] =>
          body.map((s) =>
            s.kind === 'store'
              ? { ...s, index: add(s.index, 1) }
              : mapStatement(s, shifted, (e) => mapExpr(e, (one) => one)),
          );
        expect(normalForm(shifted(kernel.body))).not.toBe(normalForm(kernel.body));
      }),
    );
  });
});
