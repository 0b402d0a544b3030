/** Indices that share a base: what is named, what must not be, and that results stay the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, gt, mul, sub } from '../../compiler/kernel/expression.ts';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { printKernel, printStatements, readingSpelling } from '../../compiler/kernel/printer.ts';
import { shareIndices, shareKernelIndices } from '../../compiler/kernel/passes/shareIndices.ts';
import type { Expr, Kernel, Statement } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { randomNumbers } from '../support/numbers.ts';
import { randomKernelBuffers, randomKernels } from '../support/randomKernels.ts';

/** What the pass makes of a kernel. */
function shared(build: (k: KernelBuilder) => void): string {
  const buffers = [
    { name: 'x', element: 'f32', length: 64, access: 'read' },
    { name: 'at', element: 'i32', length: 64, access: 'read' },
    { name: 'out', element: 'f32', length: 64, access: 'write' },
  ] as const;
  return printKernel(verifyKernel(shareKernelIndices(buildKernel({ name: 'test', buffers }, build))));
}

describe('a base of several accesses', () => {
  it('is computed once, in the block that uses it', () => {
    const number = (value: number): Expr => ({ kind: 'const', type: 'i32', value });
    const row: Expr = { kind: 'var', type: 'i32', name: 'row' };
    const base = mul(row, 8);
    const store = (offset: number): Statement => ({
      kind: 'store',
      buffer: 'out',
      index: add(base, offset),
      value: { kind: 'load', type: 'f32', buffer: 'x', index: add(base, offset) },
    });
    const body: Statement[] = [
      {
        kind: 'for',
        name: 'row',
        from: number(0),
        to: number(8),
        step: 1,
        body: [store(0), store(1)],
        independent: true,
      },
    ];
    const print = (statements: readonly Statement[]) =>
      printStatements(statements, readingSpelling, () => 'f32', '').join('\n');
    expect(print(body)).toMatchInlineSnapshot(`
      "for row in 0..8 {
        out[row * 8] = x[row * 8]
        out[row * 8 + 1] = x[row * 8 + 1]
      }"
    `);
    expect(print(shareIndices(body))).toMatchInlineSnapshot(`
      "for row in 0..8 {
        let xAt: i32 = row * 8
        let outAt: i32 = row * 8
        out[outAt] = x[xAt]
        out[outAt + 1] = x[xAt + 1]
      }"
    `);
  });

  it('is named where it is first used, at any distance of its constants', () => {
    const printed = shared((k) =>
      k.for('i', 0, 4, (i) => {
        k.store('out', i, 0);
        const a = k.let('a', k.load('x', add(mul(i, 4), 3)));
        k.store('out', add(i, 4), a);
        k.store('out', add(i, 8), k.load('x', sub(mul(i, 4), 0)));
      }),
    );
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[64], at: read i32[64], out: write f32[64]) {
        for i in 0..4 {
          out[i] = 0
          let xAt: i32 = i * 4
          let a: f32 = x[xAt + 3]
          out[i + 4] = a
          out[i + 8] = x[xAt]
        }
      }"
    `);
  });

  it('has a name of its own for each buffer and base', () => {
    const printed = shared((k) =>
      k.forEach(['i', 'j'], [4, 4], ([i, j]) => {
        const [row, column] = [add(mul(i!, 4), j!), add(mul(j!, 4), i!)];
        k.store('out', row, add(k.load('x', column), k.load('x', add(column, 1))));
        k.store('out', add(row, 16), add(k.load('x', row), k.load('x', add(row, 1))));
      }),
    );
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[64], at: read i32[64], out: write f32[64]) {
        for i in 0..4 {
          for j in 0..4 {
            let xAt: i32 = j * 4 + i
            let outAt: i32 = i * 4 + j
            out[outAt] = x[xAt] + x[xAt + 1]
            let xAt_2: i32 = i * 4 + j
            out[outAt + 16] = x[xAt_2] + x[xAt_2 + 1]
          }
        }
      }"
    `);
  });
});

it('a base is not called like a buffer', () => {
  const buffers = [
    { name: 'x', element: 'f32', length: 8, access: 'read' },
    { name: 'xAt', element: 'f32', length: 8, access: 'write' },
  ] as const;
  const kernel = buildKernel({ name: 'test', buffers }, (k) =>
    k.for('i', 0, 2, (i) => k.store('xAt', i, add(k.load('x', mul(i, 2)), k.load('x', add(mul(i, 2), 1))))),
  );
  expect(verifyKernel(kernel)).toBe(kernel);
});

describe('an index stays as it is', () => {
  it('when it is only a name', () => {
    expect(
      shared((k) => k.for('i', 0, 16, (i) => k.store('out', i, add(k.load('x', i), k.load('x', add(i, 1)))))),
    ).toMatchInlineSnapshot(`
      "kernel test(x: read f32[64], at: read i32[64], out: write f32[64]) {
        for i in 0..16 {
          out[i] = x[i] + x[i + 1]
        }
      }"
    `);
  });

  it('when its base is used once in its block', () => {
    const printed = shared((k) =>
      k.for('i', 0, 4, (i) => {
        k.store('out', mul(i, 2), 0);
        k.if(gt(i, 2), () => k.store('out', add(mul(i, 2), 1), 0));
      }),
    );
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[64], at: read i32[64], out: write f32[64]) {
        for i in 0..4 {
          out[i * 2] = 0
          if (i > 2) {
            out[i * 2 + 1] = 0
          }
        }
      }"
    `);
  });

  it('when a variable in it changes', () => {
    const printed = shared((k) => {
      const at = k.variable('position', 0, 'i32');
      k.store('out', mul(at, 2), 1);
      k.assign(at, 3);
      k.store('out', mul(at, 2), 2);
    });
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[64], at: read i32[64], out: write f32[64]) {
        var position: i32 = 0
        out[position * 2] = 1
        position = 3
        out[position * 2] = 2
      }"
    `);
  });

  it('when it is loaded itself', () => {
    const printed = shared((k) =>
      k.for('i', 0, 4, (i) => {
        const from = mul(k.load('at', i), 2);
        k.store('out', mul(i, 2), add(k.load('x', from), k.load('x', add(from, 1))));
        k.store('out', add(mul(i, 2), 1), k.load('x', from));
      }),
    );
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[64], at: read i32[64], out: write f32[64]) {
        for i in 0..4 {
          let outAt: i32 = i * 2
          out[outAt] = x[at[i] * 2] + x[at[i] * 2 + 1]
          out[outAt + 1] = x[at[i] * 2]
        }
      }"
    `);
  });
});

/** All of `out` after the kernel ran on fixed numbers. */
function results(kernel: Kernel, run: (kernel: Kernel, buffers: Float64Array[]) => void): number[] {
  const random = randomNumbers(7);
  const buffers = randomKernelBuffers.map(({ length }) => Float64Array.from({ length }, random));
  run(kernel, buffers);
  return [...buffers.at(-1)!];
}

describe('sharing', () => {
  it('never changes what a kernel computes, and leaves it valid', () => {
    let named = 0;
    fc.assert(
      fc.property(randomKernels, (before) => {
        const after: Kernel = { ...before, body: shareIndices(before.body) };
        verifyKernel(after);
        const expected = results(before, interpretKernel);
        expect(results(after, interpretKernel)).toEqual(expected);
        expect(results(after, (kernel, buffers) => compileKernel(kernel)(...buffers))).toEqual(expected);
        if (printKernel(after) !== printKernel(before)) named++;
      }),
      { numRuns: 400, seed: 1 },
    );
    // Otherwise the property says nothing.
    expect(named).toBeGreaterThan(100);
  });

  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(randomKernels, ({ body }) => {
        const once = shareIndices(body);
        expect(shareIndices(once)).toEqual(once);
      }),
    );
  });
});
