/** Loops that a workgroup shares: which ones, how they are printed, and that results stay the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { cooperate } from '../../compiler/kernel/passes/cooperate.ts';
import { shareLongLoops } from '../../compiler/kernel/passes/shareLongLoops.ts';
import { add, cast, exp, fma, gt, max, mul, sub } from '../../compiler/kernel/expression.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { parallelize, partsOf } from '../../compiler/kernel/passes/parallelize.ts';
import { vectorizePlainLoops } from '../../compiler/kernel/passes/vectorize.ts';
import { dispatchesOf } from '../../compiler/kernel/parts.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Kernel, KernelBuffer } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { randomReductions } from '../support/randomReductions.ts';

const buffer = (name: string, access: KernelBuffer['access'], length = 8192): KernelBuffer => ({
  ...{ name, element: 'f32', length, access },
});

const BUFFERS = [buffer('x', 'read'), buffer('out', 'readWrite')];

const kernelOf = (build: (k: KernelBuilder) => void): Kernel =>
  verifyKernel(buildKernel({ name: 'plain', buffers: BUFFERS }, build));

const listing = (build: (k: KernelBuilder) => void): string | undefined => {
  const [part] = partsOf(kernelOf(build));
  const shared = cooperate(part!.kernel);
  return shared && printKernel(verifyKernel(shared));
};

describe('a workgroup shares', () => {
  it('a sum and what is made of it, four numbers at a time, one result for each', () => {
    const text = listing((k) =>
      k.for(
        'n',
        0,
        3,
        (n) => {
          const sum = k.variable('sum', 0);
          k.for('c', 0, 600, (c) => k.assign(sum, add(sum, exp(k.load('x', add(mul(n, 600), c))))));
          k.store('out', n, sum);
        },
        { independent: true },
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "// loops shared by 3 x 128 invocations
      kernel plain(x: read f32[8192], out: write f32[8192]) over 3 x 128 {
        let n: i32 = workgroup
        var sum: f32 = 0
        // sum in lanes
        {
          var sumLanes: f32x4 = f32x4(0)
          for c in invocation * 4..600 step 512 {
            sumLanes += exp(x[n * 600 + c])
          }
          sum += sumLanes[0] + sumLanes[1] + (sumLanes[2] + sumLanes[3])
        }
        let sumOfAll: f32 = add over the workgroup (sum)
        sum = sumOfAll
        if (invocation == 0) {
          out[n] = sum
        }
      }"
    `);
  });

  it('what it adds to, in a part of its own; and numbers that are no vectors one by one', () => {
    const text = listing((k) => {
      const sum = k.variable('sum', k.load('x', 0));
      k.for('i', 1, 300, (i) => {
        const x = k.let('value', k.load('x', i));
        k.if(gt(x, 0), () => k.assign(sum, fma(x, x, sum)));
      });
      k.store('out', 0, sum);
      k.store('out', 1, mul(sum, 2));
    });
    expect(text).toMatchInlineSnapshot(`
      "// loops shared by 1 x 64 invocations
      kernel plain(x: read f32[8192], out: write f32[8192]) over 1 x 64 {
        var sum: f32 = x[0]
        var sumPart: f32 = 0
        for i in invocation + 1..300 step 64 {
          let value: f32 = x[i]
          if (value > 0) {
            sumPart += value * value
          }
        }
        let sumOfAll: f32 = add over the workgroup (sumPart)
        sum += sumOfAll
        if (invocation == 0) {
          out[0] = sum
          out[1] = sum * 2
        }
      }"
    `);
  });

  it('what it reads where it has stored, after a barrier for buffers', () => {
    const text = listing((k) => {
      k.for('i', 0, 300, (i) => k.store('out', i, k.load('x', i)), { independent: true });
      const largest = k.variable('largest', k.load('out', 7));
      k.for('i', 0, 300, (i) => k.assign(largest, max(largest, k.load('out', sub(299, i)))));
      k.store('out', 300, largest);
    });
    expect(text).toMatchInlineSnapshot(`
      "// loops shared by 1 x 64 invocations
      kernel plain(x: read f32[8192], out: readWrite f32[8192]) over 1 x 64 {
        for i in invocation * 4..300 step 256 {
          out[i] = x[i]
        }
        barrier of storage
        var largest: f32 = out[7]
        for i in invocation..300 step 64 {
          largest = max(largest, out[299 - i])
        }
        let largestOfAll: f32 = max over the workgroup (largest)
        largest = largestOfAll
        barrier of storage
        if (invocation == 0) {
          out[300] = largest
        }
      }"
    `);
  });

  it('what stands under a condition that is loaded, which all of them know as one', () => {
    const text = listing((k) => {
      const sum = k.variable('sum', 0);
      k.if(gt(k.load('x', 0), 0), () => k.for('i', 0, 301, (i) => k.assign(sum, add(sum, k.load('x', i)))));
      k.store('out', 0, sum);
    });
    expect(text).toMatchInlineSnapshot(`
      "// loops shared by 1 x 64 invocations
      kernel plain(x: read f32[8192], out: write f32[8192]) over 1 x 64 {
        var sum: f32 = 0
        let holds: f32 = max over the workgroup (x[0] > 0 ? 1 : 0)
        if (holds > 0) {
          for i in invocation..301 step 64 {
            sum += x[i]
          }
          let sumOfAll: f32 = add over the workgroup (sum)
          sum = sumOfAll
        }
        if (invocation == 0) {
          out[0] = sum
        }
      }"
    `);
  });
});

describe('an invocation does by itself', () => {
  it.each<[string, (k: KernelBuilder) => void]>([
    [
      'short loops',
      (k) => {
        const sum = k.variable('sum', 0);
        k.for('i', 0, 30, (i) => k.assign(sum, add(sum, k.load('x', i))));
        k.store('out', 0, sum);
      },
    ],
    [
      'long loops of which there are many',
      (k) =>
        k.for(
          'n',
          0,
          1025,
          (n) => {
            const sum = k.variable('sum', 0);
            k.for('i', 0, 301, (i) => k.assign(sum, add(sum, k.load('x', add(mul(n, 3), i)))));
            k.store('out', n, sum);
          },
          { independent: true },
        ),
    ],
    [
      'what stands in loops as long as a number says that is loaded',
      (k) => {
        const sum = k.variable('sum', 0);
        const rounds = k.let('rounds', cast(k.load('x', 0), 'i32'));
        k.for('round', 0, rounds, (round) => {
          k.for('i', 0, 300, (i) => k.assign(sum, add(sum, k.load('x', i))));
          k.store('out', round, sum);
        });
      },
    ],
    [
      'what an iteration has from the one before',
      (k) => {
        const last = k.variable('last', 0);
        k.for('i', 0, 300, (i) => k.assign(last, fma(last, last, k.load('x', i))));
        k.store('out', 0, last);
      },
    ],
    [
      'a sum that is looked at on the way',
      (k) => {
        const sum = k.variable('sum', 0);
        k.for('i', 0, 300, (i) => {
          k.assign(sum, add(sum, k.load('x', i)));
          k.store('out', i, sum);
        });
      },
    ],
    [
      'products',
      (k) => {
        const product = k.variable('product', 1);
        k.for('i', 0, 300, (i) => k.assign(product, mul(product, k.load('x', i))));
        k.store('out', 0, product);
      },
    ],
  ])('%s', (_, build) => expect(listing(build)).toBeUndefined());
});

describe('random kernels', () => {
  it('compute the same, and no two invocations meet', () => {
    let shared = 0;
    fc.assert(
      fc.property(randomReductions, (kernel) => {
        verifyKernel(kernel);
        const x = Float64Array.from({ length: kernel.buffers[0]!.length }, (_, i) => Math.sin(i * i));
        const start = (): Float64Array => new Float64Array(kernel.buffers[1]!.length).fill(0.5);
        const [expected, actual] = [start(), start()];
        interpretKernel(kernel, [x, expected]);
        const grids = parallelize(vectorizePlainLoops(shareLongLoops(kernel)));
        for (const { kernel: part, args } of dispatchesOf(grids)) {
          if (part.body.length > 0) verifyKernel(part);
          if (part.comment.some((line) => line.startsWith('loops shared'))) shared++;
          interpretKernel(
            part,
            args.map((i) => [x, actual][i]!),
          );
        }
        const text = printKernel(kernel);
        expected.forEach((value, i) =>
          expect(Math.abs(actual[i]! - value), text).toBeLessThan(1e-9 * Math.max(1, Math.abs(value))),
        );
      }),
      { numRuns: 80, seed: 41 },
    );
    expect(shared).toBeGreaterThan(25);
  });
});
