/** Plain loops as grids: nests, names, and statements beside loops; results stay the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { add, constant, lt, mul } from '../../compiler/kernel/expression.ts';
import { interpretKernel, type InterpreterArray } from '../../compiler/kernel/interpreter.ts';
import { parallelize } from '../../compiler/kernel/passes/parallelize.ts';
import { dispatchesOf } from '../../compiler/kernel/parts.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Expr, Kernel, KernelBuffer, Statement } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { randomGridKernels } from '../support/randomGrids.ts';
import { randomKernels } from '../support/randomKernels.ts';

const buffer = (name: string, access: KernelBuffer['access'], length = 512): KernelBuffer => ({
  ...{ name, element: 'f32', length, access },
});

const BUFFERS = [buffer('x', 'read'), buffer('out', 'readWrite'), buffer('other', 'write')];

const kernelOf = (build: (k: KernelBuilder) => void, buffers = BUFFERS): Kernel =>
  verifyKernel(buildKernel({ name: 'plain', buffers }, build));

const independent = { independent: true };

const gridsOf = (kernel: Kernel) => dispatchesOf(verifyKernel(parallelize(kernel)));

const listing = (kernel: Kernel): string =>
  gridsOf(kernel)
    .map((part) => `${part.args.join()} ${printKernel(verifyKernel(part.kernel))}`)
    .join('\n');

const start = (kernel: Kernel): InterpreterArray[] =>
  kernel.buffers.map(({ length }, b) => Float64Array.from({ length }, (_, i) => Math.sin(i + b)));

/** Every buffer after the kernel, and after its parts. */
function expectSame(kernel: Kernel): void {
  const [expected, actual] = [start(kernel), start(kernel)];
  interpretKernel(kernel, expected);
  for (const { kernel: part, args } of gridsOf(kernel))
    interpretKernel(
      verifyKernel(part),
      args.map((i) => actual[i]!),
    );
  expect(actual.map((numbers) => [...numbers])).toEqual(expected.map((numbers) => [...numbers]));
}

describe('a nest', () => {
  it('has an invocation for each element, the last loop side by side', () => {
    const kernel = kernelOf((k) =>
      k.forEach(['y', 'x_'], [5, 7], ([y, x]) => k.store('out', add(mul(y!, 7), x!), k.load('x', y!))),
    );
    expect(listing(kernel)).toMatchInlineSnapshot(`
      "0,1 kernel plain(x: read f32[512], out: write f32[512]) over 1 x 64 {
        let element: i32 = invocation
        if (element < 35) {
          let y: i32 = element / 7
          let x_: i32 = element % 7
          out[y * 7 + x_] = x[y]
        }
      }"
    `);
    expectSame(kernel);
  });

  it('asks no question where the elements fill their workgroups', () => {
    const kernel = kernelOf((k) =>
      k.forEach(['y', 'x_'], [4, 64], ([y, x]) => k.store('out', add(mul(y!, 64), x!), k.load('x', x!))),
    );
    expect(listing(kernel)).toMatchInlineSnapshot(`
      "0,1 kernel plain(x: read f32[512], out: write f32[512]) over 4 x 64 {
        let element: i32 = workgroup * 64 + invocation
        let y: i32 = element / 64
        let x_: i32 = element % 64
        out[y * 64 + x_] = x[x_]
      }"
    `);
    expectSame(kernel);
  });

  it('starts where its loops start, in their steps', () => {
    const kernel = kernelOf((k) =>
      k.for(
        'i',
        3,
        20,
        (i) =>
          k.for('j', 100, 300, (j) => k.store('out', add(i, j), k.load('x', i)), {
            step: 20,
            ...independent,
          }),
        { step: 4, ...independent },
      ),
    );
    expect(listing(kernel)).toMatchInlineSnapshot(`
      "0,1 kernel plain(x: read f32[512], out: write f32[512]) over 1 x 64 {
        let element: i32 = invocation
        if (element < 50) {
          let i: i32 = (element / 10) * 4 + 3
          let j: i32 = (element % 10) * 20 + 100
          out[i + j] = x[i]
        }
      }"
    `);
    expectSame(kernel);
  });

  it('ends at a loop that is not independent', () => {
    const kernel = kernelOf((k) =>
      k.for(
        'i',
        0,
        100,
        (i) => {
          const sum = k.variable('sum', 0);
          k.for('j', 0, 9, (j) => k.assign(sum, add(sum, k.load('x', add(i, j)))));
          k.store('out', i, sum);
        },
        independent,
      ),
    );
    expect(listing(kernel)).toMatchInlineSnapshot(`
      "0,1 kernel plain(x: read f32[512], out: write f32[512]) over 2 x 64 {
        let element: i32 = workgroup * 64 + invocation
        if (element < 100) {
          let i: i32 = element
          var sum: f32 = 0
          for j in 0..9 {
            sum += x[i + j]
          }
          out[i] = sum
        }
      }"
    `);
    expectSame(kernel);
  });

  it('of one iteration is one invocation, with constants for its variables', () => {
    const store: Statement = {
      kind: 'store',
      buffer: 'out',
      index: variable('i'),
      value: constant(1, 'f32'),
    };
    const kernel: Kernel = { ...kernelOf(() => {}), body: [loopOf('i', 4, 5, [store])] };
    expect(listing(kernel)).toMatchInlineSnapshot(`
      "1 kernel plain(out: write f32[512]) over 1 x 1 {
        out[4] = 1
      }"
    `);
    expectSame(kernel);
  });

  it('of no iteration is nothing', () => {
    const store: Statement = {
      kind: 'store',
      buffer: 'out',
      index: variable('i'),
      value: constant(1, 'f32'),
    };
    const kernel: Kernel = { ...kernelOf(() => {}), body: [loopOf('i', 5, 5, [store])] };
    expect(gridsOf(kernel)[0]!.kernel.grid!.workgroups).toBe(0);
    expectSame(kernel);
  });
});

const variable = (name: string): Expr => ({ kind: 'var', type: 'i32', name });
const loopOf = (name: string, from: number, to: number, body: readonly Statement[]): Statement => ({
  ...{ kind: 'for', name, from: constant(from), to: constant(to), step: 1, body, independent: true },
});

describe('what stands beside loops', () => {
  it('is a part of its own, in its turn', () => {
    const kernel = kernelOf((k) =>
      k.for(
        'i',
        0,
        3,
        (i) => {
          k.store('out', i, k.load('x', i));
          k.for('j', 0, 8, (j) => k.store('other', add(mul(i, 8), j), k.load('out', i)), independent);
          k.store('out', i, 5);
        },
        independent,
      ),
    );
    expect(listing(kernel)).toMatchInlineSnapshot(`
      "0,1 kernel plain_part1(x: read f32[512], out: write f32[512]) over 1 x 64 {
        let element: i32 = invocation
        if (element < 3) {
          let i: i32 = element
          out[i] = x[i]
        }
      }
      1,2 kernel plain_part2(out: read f32[512], other: write f32[512]) over 1 x 64 {
        let element: i32 = invocation
        if (element < 24) {
          let i: i32 = element / 8
          let j: i32 = element % 8
          other[i * 8 + j] = out[i]
        }
      }
      1 kernel plain_part3(out: write f32[512]) over 1 x 64 {
        let element: i32 = invocation
        if (element < 3) {
          let i: i32 = element
          out[i] = 5
        }
      }"
    `);
    expectSame(kernel);
  });

  it('is repeated where it is a name that a part needs', () => {
    const kernel = kernelOf((k) =>
      k.for(
        'i',
        0,
        4,
        (i) => {
          const [base, unused] = [k.let('base', mul(i, 8)), k.let('value', k.load('x', i))];
          k.for('j', 0, 8, (j) => k.store('out', add(base, j), 1), independent);
          k.for('j', 0, 4, (j) => k.store('other', add(base, j), unused), independent);
        },
        independent,
      ),
    );
    expect(listing(kernel)).toMatchInlineSnapshot(`
      "1 kernel plain_part1(out: write f32[512]) over 1 x 64 {
        let element: i32 = invocation
        if (element < 32) {
          let i: i32 = element / 8
          let j: i32 = element % 8
          let base: i32 = i * 8
          out[base + j] = 1
        }
      }
      0,2 kernel plain_part2(x: read f32[512], other: write f32[512]) over 1 x 64 {
        let element: i32 = invocation
        if (element < 16) {
          let i: i32 = element / 4
          let j: i32 = element % 4
          let base: i32 = i * 8
          let value: f32 = x[i]
          other[base + j] = value
        }
      }"
    `);
    expectSame(kernel);
  });

  it.each([
    ['a name that reads what the kernel writes', (k: KernelBuilder) => void k.let('old', k.load('out', 0))],
    ['a variable', (k: KernelBuilder) => void k.variable('sum', 0)],
    ['an assignment', (k: KernelBuilder) => k.assign(k.variable('sum', 0), 1)],
  ])('keeps the loops together: %s', (_name, before) => {
    const kernel = kernelOf((k) => {
      before(k);
      k.for('j', 0, 8, (j) => k.store('out', j, k.load('x', j)), independent);
    });
    const parts = gridsOf(kernel);
    expect(parts.map(({ kernel: { grid } }) => grid)).toEqual([
      { workgroups: 1, invocations: 1, shared: [] },
    ]);
    expectSame(kernel);
  });

  it('may be called as something inside of a loop before it', () => {
    const kernel = kernelOf((k) => {
      k.for('i', 0, 8, (i) => k.store('out', i, k.let('twice', mul(k.load('x', i), 2))), independent);
      const twice = k.let('twice', mul(k.load('x', 9), 2));
      k.for('i', 8, 16, (i) => k.store('out', i, twice), independent);
    });
    expect(gridsOf(kernel).map(({ kernel: part }) => verifyKernel(part).name)).toEqual([
      'plain_part1',
      'plain_part2',
    ]);
    expectSame(kernel);
  });

  it('is left out where nothing is stored', () => {
    const kernel = kernelOf((k) => {
      k.let('unused', k.load('x', 0));
      k.comment('nothing');
      k.if(lt(k.load('x', 0), 1), () => k.comment('nothing either'));
    });
    expect(gridsOf(kernel)).toEqual([]);
  });
});

describe('names and buffers', () => {
  it('the number of the element has a name that is not in use', () => {
    const kernel = kernelOf(
      (k) =>
        k.for(
          'element_2',
          0,
          70,
          (i) => k.store('element', i, k.let('element_3', mul(k.load('x', i), 2))),
          independent,
        ),
      [buffer('x', 'read'), buffer('element', 'write')],
    );
    expect(gridsOf(kernel)[0]!.kernel.body[0]).toMatchObject({ kind: 'declare', name: 'element_4' });
    verifyKernel(gridsOf(kernel)[0]!.kernel);
  });

  it('a part has the buffers that it touches, as it touches them', () => {
    const kernel = kernelOf((k) => {
      k.for('i', 0, 8, (i) => k.store('out', i, k.load('x', i)), independent);
      k.for('i', 0, 8, (i) => k.store('other', i, k.load('out', i)), independent);
    });
    expect(
      gridsOf(kernel).map(({ kernel: { buffers }, args }) => ({
        args,
        access: buffers.map(({ name, access }) => `${name} ${access}`),
      })),
    ).toEqual([
      { args: [0, 1], access: ['x read', 'out write'] },
      { args: [1, 2], access: ['out read', 'other write'] },
    ]);
  });

  it('a grid stays as it is', () => {
    const grid = { workgroups: 3, invocations: 4, shared: [] };
    const kernel = buildKernel({ name: 'grid', buffers: BUFFERS, grid }, (k) => k.store('out', 0, 1));
    expect(gridsOf(kernel)).toEqual([{ kernel, args: [0, 1, 2] }]);
  });
});

describe('random kernels compute the same', () => {
  it('of independent loops', () => {
    let [parts, wide] = [0, 0];
    fc.assert(
      fc.property(randomGridKernels, (kernel) => {
        const found = gridsOf(verifyKernel(kernel));
        parts += found.length;
        wide += found.filter(({ kernel: { grid } }) => grid!.workgroups > 1).length;
        expectSame(kernel);
      }),
      { numRuns: 500, seed: 71 },
    );
    // Or the test would be about nothing.
    expect(parts).toBeGreaterThan(500);
    expect(wide).toBeGreaterThan(50);
  });

  it('of loops that are not', () =>
    fc.assert(fc.property(randomKernels, expectSame), { numRuns: 100, seed: 72 }));
});
