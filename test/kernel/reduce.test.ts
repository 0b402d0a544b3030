/**
 * The statement that reduces over a workgroup: its value, what it orders and what it does not, and where it is
 * refused.
 */
import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { add, eq, f32Const, lt, mul, splat, sub } from '../../compiler/kernel/expression.ts';
import { hasBarrier, INVOCATION, WORKGROUP } from '../../compiler/kernel/grid.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Expr, Grid, Kernel, KernelBuffer, ReduceOp, Statement } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { printKernel as printWasm } from '../../compiler/targets/wasm/printer.ts';

const BUFFERS: readonly KernelBuffer[] = [
  { name: 'x', element: 'f32', length: 12, access: 'read' },
  { name: 'out', element: 'f32', length: 12, access: 'readWrite' },
];

const gridOf = (workgroups: number, invocations: number): Grid => ({
  ...{ workgroups, invocations, shared: [{ name: 'tile', length: 4 }] },
});

const kernelOf = (build: (k: KernelBuilder) => void, grid: Grid | undefined = gridOf(2, 3)): Kernel =>
  buildKernel({ name: 'grid', buffers: BUFFERS, grid }, build);

/** `out` after the kernel, from x = 5, -4, 3, -2 ... and zeros. */
function run(build: (k: KernelBuilder) => void, grid?: Grid): number[] {
  const out = new Float64Array(12);
  const x = Float64Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 5 - i : i - 5));
  interpretKernel(verifyKernel(kernelOf(build, grid)), [x, out]);
  return [...out];
}

const elementOf = (invocations: number): Expr => add(mul(WORKGROUP, invocations), INVOCATION);
const ELEMENT = elementOf(3);

describe('a reduction', () => {
  it.each<[ReduceOp, number[]]>([
    ['add', [4, 4, 4, -1, -1, -1]],
    ['max', [5, 5, 5, 1, 1, 1]],
    ['min', [-4, -4, -4, -2, -2, -2]],
  ])('by %s is known to every invocation of the workgroup', (op, expected) => {
    const out = run((k) => k.store('out', ELEMENT, k.reduce('all', op, k.load('x', ELEMENT))));
    expect(out.slice(0, 6)).toEqual(expected);
  });

  it.each([1, 2, 5, 12])('is of all of %d invocations', (invocations) => {
    const out = run(
      (k) => k.store('out', INVOCATION, k.reduce('count', 'add', f32Const(1))),
      gridOf(1, invocations),
    );
    expect(out.slice(0, invocations)).toEqual(Array(invocations).fill(invocations));
  });

  it('of vectors goes lane by lane', () => {
    const out = run(
      (k) => {
        const all = k.reduce('all', 'max', k.load('x', mul(INVOCATION, 4), 'f32x4'));
        k.if(eq(INVOCATION, 0), () => k.store('out', 0, add(all, splat(f32Const(1)))));
      },
      gridOf(1, 3),
    );
    expect(out.slice(0, 4)).toEqual([6, 5, 4, 7]);
  });

  it('happens in every round of a loop that all go through', () => {
    const out = run((k) => {
      const sum = k.variable('sum', 0);
      k.for('round', 0, 3, (round) => {
        const all = k.reduce('all', 'add', k.load('x', add(mul(round, 3), INVOCATION)));
        k.assign(sum, add(sum, all));
      });
      k.store('out', ELEMENT, sum);
    });
    expect(out.slice(0, 6)).toEqual(Array(6).fill(1));
  });

  it('is reached by all or by none', () => {
    const some = () =>
      run((k) => k.if(lt(INVOCATION, 2), () => void k.reduce('all', 'add', k.load('x', ELEMENT))));
    expect(some).toThrow('kernel grid: invocations of a workgroup do not agree on the way to a barrier');
  });

  it('is a barrier, and has its words in listings', () => {
    const kernel = kernelOf((k) => {
      k.store('out', ELEMENT, k.reduce('all', 'max', k.load('x', ELEMENT)));
      k.barrier('storage');
    });
    expect(hasBarrier(kernel.body)).toBe(true);
    expect(printKernel(kernel)).toMatchInlineSnapshot(`
      "kernel grid(x: read f32[12], out: readWrite f32[12]) over 2 x 3, tile: f32[4] {
        let all: f32 = max over the workgroup (x[workgroup * 3 + invocation])
        out[workgroup * 3 + invocation] = all
        barrier of storage
      }"
    `);
  });
});

describe('what invocations have done before it', () => {
  const write = (k: KernelBuilder, buffer: string): void =>
    k.store(buffer, buffer === 'out' ? ELEMENT : INVOCATION, f32Const(1));
  /** The neighbour's number. */
  const read = (k: KernelBuilder, buffer: string): void => {
    const at = sub(2, INVOCATION);
    const place = buffer === 'out' ? add(mul(WORKGROUP, 3), at) : at;
    k.store('out', add(ELEMENT, 6), k.load(buffer, place));
  };

  it('to the memory of their workgroup is there', () => {
    const out = run((k) => {
      write(k, 'tile');
      k.reduce('all', 'add', f32Const(0));
      read(k, 'tile');
    });
    expect(out.slice(6)).toEqual(Array(6).fill(1));
  });

  it.each<[string, (k: KernelBuilder) => void]>([
    ['it', (k) => void k.reduce('all', 'add', f32Const(0))],
    ['a barrier for their memory', (k) => k.barrier()],
  ])('to buffers is not there after %s', (_, wait) => {
    const meeting = () =>
      run((k) => {
        write(k, 'out');
        wait(k);
        read(k, 'out');
      });
    expect(meeting).toThrow('kernel grid: two invocations meet at out[');
  });

  it('to buffers is there after a barrier for them, which is none for their memory', () => {
    const out = run((k) => {
      write(k, 'out');
      k.barrier('storage');
      read(k, 'out');
    });
    expect(out).toEqual(Array(12).fill(1));
    const meeting = () =>
      run((k) => {
        write(k, 'tile');
        k.barrier('storage');
        read(k, 'tile');
      });
    expect(meeting).toThrow('kernel grid: two invocations meet at tile[');
  });

  it('may be read by several and then written after a barrier', () => {
    const out = run(
      (k) => {
        const first = k.let('first', k.load('out', 0));
        k.barrier('storage');
        k.if(eq(INVOCATION, 2), () => k.store('out', 0, add(first, 7)));
      },
      gridOf(1, 3),
    );
    expect(out[0]).toBe(7);
  });

  it.each<[string, (k: KernelBuilder) => void]>([
    ['wrote', (k) => k.if(eq(INVOCATION, 0), () => k.store('out', 0, f32Const(1)))],
    ['read', (k) => k.store('out', add(ELEMENT, 1), k.load('out', 0))],
  ])('another workgroup %s is not ordered by any barrier', (_, touch) => {
    const meeting = () =>
      run((k) => {
        k.barrier('storage');
        touch(k);
        k.barrier('storage');
        k.if(eq(ELEMENT, 5), () => k.store('out', 0, f32Const(2)));
      });
    expect(meeting).toThrow('kernel grid: two invocations meet at out[0]');
  });
});

describe('is refused', () => {
  const number: Expr = { kind: 'const', type: 'f32', value: 0 };
  const reduce: Statement = { kind: 'reduce', name: 'all', type: 'f32', op: 'add', value: number };
  const whole: Expr = { kind: 'const', type: 'i32', value: 0 };

  it.each<[string, readonly Statement[], string]>([
    ['of another type', [{ ...reduce, value: whole }], 'the value of all is i32, expected f32'],
    [
      'of what is no number',
      [{ ...reduce, type: 'i32' as 'f32', value: whole }],
      'there is no add of i32 over a workgroup',
    ],
    ['twice', [reduce, reduce], 'all is declared twice'],
    [
      'as a variable',
      [reduce, { kind: 'assign', name: 'all', value: number }],
      'all is assigned but constant',
    ],
  ])('%s', (_, body, message) => {
    const kernel: Kernel = { ...kernelOf(() => {}), body };
    expect(() => verifyKernel(kernel)).toThrow(`kernel grid: ${message}`);
  });

  const plain: Kernel = { name: 'plain', comment: [], buffers: BUFFERS, body: [reduce] };

  it('without a grid', () => {
    expect(() => verifyKernel(plain)).toThrow('kernel plain: all is of a workgroup, here is no grid');
    expect(() => interpretKernel(plain, [new Float64Array(12), new Float64Array(12)])).toThrow(
      'kernel plain: all is of a workgroup, here is no grid',
    );
  });

  it('by JavaScript', () => {
    expect(() => compileKernel(plain)).toThrow('JavaScript has no workgroups: all is for another target');
  });

  it('by WebAssembly', () => {
    const print = () => printWasm(plain, { relaxed: false, uses: () => {} });
    expect(print).toThrow('WebAssembly has no workgroups: all is for another target');
  });

  it('of integers by the builder', () => {
    expect(() => kernelOf((k) => void k.reduce('all', 'add', INVOCATION))).toThrow('there is no sum of i32');
  });
});
