import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { add, mul } from '../../compiler/kernel/expression.ts';
import { interchangeLoops } from '../../compiler/kernel/passes/interchange.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Expr, Kernel } from '../../compiler/kernel/types.ts';

const kernel = (build: (k: KernelBuilder) => void): Kernel =>
  buildKernel(
    {
      name: 'kernel',
      comment: [],
      buffers: [
        { name: 'x', element: 'f32', length: 24, access: 'read' },
        { name: 'out', element: 'f32', length: 24, access: 'write' },
      ],
    },
    build,
  );

/** Channels last of [2, 3, 4]: the channel steps by one. */
const at = ([c, y, x]: Expr[]): Expr => add(add(mul(y!, 8), mul(x!, 2)), c!);

const loops = (one: Kernel): string[] =>
  printKernel(one)
    .split('\n')
    .filter((line) => line.trim().startsWith('for'))
    .map((line) => /(\w+) =|for (\w+)/.exec(line)!.slice(1).find(Boolean)!.trim());

const run = (one: Kernel): number[] => {
  const out = new Float64Array(24);
  interpretKernel(one, [Float64Array.from({ length: 24 }, (_, i) => i * i), out]);
  return [...out];
};

describe('loops', () => {
  it('run in the order of the results', () => {
    const before = kernel((k) =>
      k.forEach(['c', 'row', 'column'], [2, 3, 4], (index) =>
        k.store('out', at(index), k.load('x', at(index))),
      ),
    );
    const after = interchangeLoops(before);
    expect(loops(before)).toEqual(['c', 'row', 'column']);
    expect(loops(after)).toEqual(['row', 'column', 'c']);
    expect(run(after)).toEqual(run(before));
    expect(interchangeLoops(after)).toEqual(after);
  });

  it('stay where something stands between them, where they depend on one another, or the place is no sum', () => {
    const between = kernel((k) =>
      k.forEach(['c'], [2], ([c]) => {
        const first = k.let('first', k.load('x', c!));
        k.forEach(['y'], [12], ([y]) => k.store('out', add(mul(y!, 2), c!), first));
      }),
    );
    expect(interchangeLoops(between)).toEqual(between);
    const dependent = kernel((k) =>
      k.for('c', 0, 2, (c) => k.for('y', 0, 12, (y) => k.store('out', add(mul(y, 2), c), 1))),
    );
    expect(interchangeLoops(dependent)).toEqual(dependent);
    const product = kernel((k) => k.forEach(['c', 'y'], [2, 12], ([c, y]) => k.store('out', mul(c!, y!), 1)));
    expect(interchangeLoops(product)).toEqual(product);
  });
});
