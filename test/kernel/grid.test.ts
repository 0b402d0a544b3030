/** Grids in the interpreter and the verifier: numbers of invocations, memory of a workgroup, barriers. */
import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { add, eq, lt, mul, rem, sub } from '../../compiler/kernel/expression.ts';
import { hasBarrier, INVOCATION, WORKGROUP } from '../../compiler/kernel/grid.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Expr, Kernel, KernelBuffer } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';

const BUFFERS: readonly KernelBuffer[] = [
  { name: 'x', element: 'f32', length: 8, access: 'read' },
  { name: 'out', element: 'f32', length: 8, access: 'readWrite' },
];

/** Two workgroups of four. */
const GRID = { workgroups: 2, invocations: 4, shared: [{ name: 'tile', length: 4 }] };

const kernelOf = (build: (k: KernelBuilder) => void): Kernel =>
  buildKernel({ name: 'grid', buffers: BUFFERS, grid: GRID }, build);

/** `out` after the kernel, from x = 0, 1, 2, ... and zeros. */
function run(build: (k: KernelBuilder) => void): number[] {
  const out = new Float64Array(8);
  interpretKernel(verifyKernel(kernelOf(build)), [Float64Array.from({ length: 8 }, (_, i) => i), out]);
  return [...out];
}

const ELEMENT = add(mul(WORKGROUP, 4), INVOCATION);

describe('a grid', () => {
  it('runs its body for every invocation of every workgroup', () => {
    const out = run((k) => k.store('out', ELEMENT, add(k.load('x', ELEMENT), 10)));
    expect(out).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
  });

  it('is named in listings', () => {
    expect(printKernel(kernelOf((k) => k.barrier()))).toMatchInlineSnapshot(`
      "kernel grid(x: read f32[8], out: readWrite f32[8]) over 2 x 4, tile: f32[4] {
        barrier
      }"
    `);
  });

  it('has variables for each invocation', () => {
    const out = run((k) => {
      const own = k.variable('own', k.load('x', ELEMENT));
      k.barrier();
      k.assign(own, mul(own, 2));
      k.store('out', ELEMENT, own);
    });
    expect(out).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  });

  it('has memory for each workgroup, in which there is nothing at first', () => {
    const out = run((k) => {
      k.if(eq(INVOCATION, 0), () => k.store('tile', 0, k.load('x', ELEMENT)));
      k.barrier();
      k.store('out', ELEMENT, k.load('tile', rem(INVOCATION, 2)));
    });
    expect(out).toEqual([0, NaN, 0, NaN, 4, NaN, 4, NaN]);
  });

  it('may not leave the memory of its workgroup', () => {
    expect(() => run((k) => k.store('tile', add(INVOCATION, 1), 0))).toThrow(
      'kernel grid: tile[4] is outside its 4 elements',
    );
  });
});

describe('barriers', () => {
  /** The neighbour's number, which is there after the barrier only. */
  const turned = (k: KernelBuilder): void => k.store('out', ELEMENT, k.load('tile', sub(3, INVOCATION)));

  it('let all invocations come so far', () => {
    const out = run((k) => {
      k.store('tile', INVOCATION, k.load('x', ELEMENT));
      k.barrier();
      turned(k);
    });
    expect(out).toEqual([3, 2, 1, 0, 7, 6, 5, 4]);
  });

  it('are missed: two invocations meet', () => {
    const build = (k: KernelBuilder): void => {
      k.store('tile', INVOCATION, k.load('x', ELEMENT));
      turned(k);
    };
    expect(() => run(build)).toThrow('kernel grid: two invocations meet at tile[2]');
  });

  it('are missed after a read, in any order of the invocations', () => {
    const build = (at: Expr, next: Expr) => (k: KernelBuilder) => {
      k.store('tile', at, k.load('x', ELEMENT));
      k.barrier();
      k.store('out', ELEMENT, k.load('tile', at));
      k.store('tile', next, 0);
    };
    const next = rem(add(INVOCATION, 1), 4);
    expect(() => run(build(INVOCATION, next))).toThrow('two invocations meet at tile[1]');
    expect(() => run(build(next, INVOCATION))).toThrow('two invocations meet at tile[1]');
    expect(run(build(INVOCATION, INVOCATION))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('order no memory but the workgroup’s', () => {
    const build = (k: KernelBuilder): void => {
      k.store('out', ELEMENT, 1);
      k.barrier();
      k.store('out', ELEMENT, k.load('out', add(mul(WORKGROUP, 4), sub(3, INVOCATION))));
    };
    expect(() => run(build)).toThrow('kernel grid: two invocations meet at out[3]');
  });

  it('of one workgroup are nothing to another', () => {
    expect(() => run((k) => k.store('out', INVOCATION, 1))).toThrow('two invocations meet at out[0]');
  });

  it('inside of loops and branches keep all in step', () => {
    const out = run((k) => {
      k.store('tile', INVOCATION, k.load('x', ELEMENT));
      k.for('round', 0, 3, (round) =>
        k.if(lt(round, 2), () => {
          k.barrier();
          const other = k.let('other', k.load('tile', rem(add(INVOCATION, 1), 4)));
          k.barrier();
          k.store('tile', INVOCATION, other);
        }),
      );
      k.block('the result', () => {
        k.barrier();
        k.store('out', ELEMENT, k.load('tile', INVOCATION));
      });
    });
    // Two places further.
    expect(out).toEqual([2, 3, 0, 1, 6, 7, 4, 5]);
  });

  it.each<[string, (k: KernelBuilder) => void]>([
    ['a branch', (k) => k.if(lt(INVOCATION, 2), () => k.barrier())],
    ['the end of a loop', (k) => k.for('i', 0, INVOCATION, () => k.barrier())],
    ['the start of a loop', (k) => k.for('i', INVOCATION, 4, () => k.barrier())],
    ['a number that was read', (k) => k.if(lt(k.load('x', ELEMENT), 2), () => k.barrier())],
  ])('must be reached by all or none: %s', (_name, build) => {
    expect(() => run(build)).toThrow(
      'kernel grid: invocations of a workgroup do not agree on the way to a barrier',
    );
  });

  it('may be inside a condition that is the same for a whole workgroup', () => {
    const out = run((k) =>
      k.if(eq(WORKGROUP, 1), () => {
        k.store('tile', INVOCATION, k.load('x', ELEMENT));
        k.barrier();
        turned(k);
      }),
    );
    expect(out).toEqual([0, 0, 0, 0, 7, 6, 5, 4]);
  });

  it('are found wherever they are', () => {
    const inside = kernelOf((k) =>
      k.for('i', 0, 3, (i) =>
        k.if(
          lt(i, 1),
          () => {},
          () => k.barrier(),
        ),
      ),
    );
    expect(hasBarrier(inside.body)).toBe(true);
    expect(hasBarrier(kernelOf((k) => k.store('out', ELEMENT, 1)).body)).toBe(false);
  });
});

describe('the verifier', () => {
  it.each<[string, (k: KernelBuilder) => void]>([
    ['index 4 is outside tile[4]', (k) => k.store('tile', 4, 0)],
    ['workgroup is assigned but constant', (k) => k.assign(WORKGROUP, 0)],
  ])('says: %s', (problem, build) => {
    expect(() => verifyKernel(kernelOf(build))).toThrow(`kernel grid: ${problem}`);
  });

  it('knows no invocations without a grid', () => {
    const plain = buildKernel({ name: 'plain', buffers: BUFFERS }, (k) => k.store('out', INVOCATION, 1));
    expect(() => verifyKernel(plain)).toThrow('kernel plain: invocation is used but not declared');
  });

  it('wants no memory that is called as a buffer', () => {
    const grid = { ...GRID, shared: [{ name: 'x', length: 4 }] };
    expect(() => verifyKernel({ ...kernelOf(() => {}), grid })).toThrow('two buffers share a name');
  });
});
