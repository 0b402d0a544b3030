/**
 * The check of addresses finds the faults of kernels that were corrupted. addresses.test.ts checks the compiler's
 * kernels.
 */
import { expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { add, mul, sub } from '../../compiler/kernel/expression.ts';
import { createLayout, rowMajor, type Layout } from '../../compiler/kernel/layout.ts';
import type { Kernel, KernelBuffer } from '../../compiler/kernel/types.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import type { Buffer, Program } from '../../compiler/program/types.ts';
import { runProgram } from '../support/runProgram.ts';

const F32 = { element: 'f32', length: 12 } as const;
const BUFFERS: readonly KernelBuffer[] = [
  { ...F32, name: 'x', access: 'read' },
  { ...F32, name: 'space', access: 'workspace' },
  { ...F32, name: 'out', access: 'write' },
];
const kernelOf = (build: (k: KernelBuilder) => void): Kernel =>
  buildKernel({ name: 'broken', buffers: BUFFERS }, build);

/** Runs one call on three buffers side by side in the arena. */
function run(kernel: Kernel, lengths: readonly number[] = [12, 12, 12], partOf?: Layout): void {
  const layouts = lengths.map((length) => rowMajor([length]));
  const buffers = BUFFERS.map(({ name }, id): Buffer => ({
    ...{ id, name, element: 'f32', length: lengths[id]!, origin: { path: name }, layout: layouts[id]! },
    ...{ role: (['input', 'temporary', 'output'] as const)[id]!, publicName: name },
  }));
  const out = buffers[2]!;
  if (partOf) {
    buffers.push({ ...out, id: 3, name: 'whole', layout: rowMajor([16]), length: 16 });
    buffers[2] = { ...out, role: 'temporary', layout: partOf, within: { buffer: 3, offset: 0 } };
  }
  const call = {
    ...{ kernel, args: [0, 1, 2], mayOverwrite: [], origin: { path: 'x' }, label: 'x', result: 'x' },
    ...{ schedule: 'x', multiplyAdds: 0, bytes: 0 },
  };
  const program: Program = { name: 'broken', buffers, phases: [{ name: 'forward', calls: [call] }] };
  runProgram(program, planMemory(program), { x: new Float32Array(12) }, { target: 'wasm', checked: true });
}

it('lets a kernel pass that touches all of its buffers', () => {
  const whole = kernelOf((k) => {
    k.for('i', 0, 3, (i) => k.store('space', mul(i, 4), k.load('x', mul(i, 4), 'f32x4')));
    k.for('i', 0, 12, (i) => k.store('out', i, k.load('space', i)));
  });
  expect(() => run(whole)).not.toThrow();
});

it.each<[string, (k: KernelBuilder) => void, RegExp]>([
  [
    'a load one element beyond its buffer, where the next one begins',
    (k) => k.for('i', 0, 13, (i) => k.store('space', 0, k.load('x', i))),
    /f32.load reads at byte 48 of x, which has 48/,
  ],
  [
    'a vector whose last lane is beyond it',
    (k) => k.for('i', 0, 10, (i) => k.store('space', 0, k.load('x', i, 'f32x4'))),
    /v128.load reads at byte 36 of x, which has 48/,
  ],
  [
    'a load in front of it',
    (k) => k.for('i', 0, 4, (i) => k.store('out', i, k.load('x', sub(i, 1)))),
    /f32.load reads at byte -4 of x/,
  ],
  [
    'a store beyond it',
    (k) => k.for('i', 0, 12, (i) => k.store('out', add(i, 1), 0)),
    /f32.store writes at byte 48 of out/,
  ],
  [
    'a vector store whose last lanes are beyond it',
    (k) => k.for('i', 0, 4, (i) => k.store('space', mul(i, 3), k.load('x', 0, 'f32x4'))),
    /v128.store writes at byte 36 of space/,
  ],
  [
    'a load of one lane far away',
    (k) => k.for('i', 0, 12, (i) => k.store('out', i, k.load('x', mul(i, 0x10000000)))),
    /reads at byte \d+ of x/,
  ],
])('finds %s', (_name, build, message) => {
  expect(() => run(kernelOf(build))).toThrow(message);
});

it('finds a store into what is only read, and a load of what is only written', () => {
  const stores = kernelOf((k) => k.for('i', 0, 4, (i) => k.store('x', i, 0)));
  expect(() => run(stores)).toThrow('x is only read');
  const loads = kernelOf((k) => k.for('i', 0, 4, (i) => k.store('space', i, k.load('out', i))));
  expect(() => run(loads)).toThrow('out is only write');
});

it('finds a call whose buffer is smaller than the kernel thinks', () => {
  const whole = kernelOf((k) => k.for('i', 0, 12, (i) => k.store('out', i, k.load('x', i))));
  expect(() => run(whole, [12, 12, 8])).toThrow('out is given out, which has 8 of 12 elements');
});

it('finds a vector store over the neighbours of a part', () => {
  // Three channels of four, for three pixels.
  const part = { ...createLayout('part', [3, 3], [0, 1]), size: 12 };
  const layout = {
    ...part,
    factors: part.factors.map((one) => ({ ...one, stride: one.axis === 0 ? 4 : 1 })),
  };
  const scalars = kernelOf((k) =>
    k.forEach(['p', 'c'], [3, 3], ([p, c]) => k.store('out', add(mul(p!, 4), c!), k.load('x', c!))),
  );
  expect(() => run(scalars, undefined, layout)).not.toThrow();
  const vectors = kernelOf((k) =>
    k.for('p', 0, 3, (p) => k.store('out', mul(p, 4), k.load('x', 0, 'f32x4'))),
  );
  expect(() => run(vectors, undefined, layout)).toThrow('v128.store writes at byte 0 of out');
});
