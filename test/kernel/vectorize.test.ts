/** Vectorized loops: which loops stay plain, and correct results for every extent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KernelBuilder } from '../../compiler/kernel/builder.ts';
import {
  add,
  cast,
  constant,
  eq,
  exp,
  fma,
  ge,
  gt,
  max,
  mul,
  select,
  sub,
} from '../../compiler/kernel/expression.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Expr } from '../../compiler/kernel/types.ts';
import { longRandomKernels } from '../support/randomKernels.ts';
import { buffer, expectSame, isVectorized, kernel, run, vectorized } from './vectorizing.ts';

const LENGTH = 64;

describe('loops stay as they are', () => {
  const buffers = [
    buffer('x', LENGTH),
    { ...buffer('labels', LENGTH), element: 'i32' as const },
    buffer('out', LENGTH, 'readWrite'),
  ];
  const CASES: Readonly<Record<string, (k: KernelBuilder, i: Expr) => void>> = {
    'that read other places of what they write': (k, i) => k.store('out', i, k.load('out', add(i, 16))),
    'that write two places and read one of them': (k, i) => {
      k.store('out', i, 1);
      k.store('out', add(i, 16), k.load('out', i));
    },
    'whose indices come from a table': (k, i) => k.store('out', i, k.load('x', k.load('labels', i))),
    'that look at labels': (k, i) => k.store('out', i, select(eq(k.load('labels', i), 3), k.load('x', i), 0)),
    'with borders': (k, i) => k.store('out', i, select(ge(i, 2), k.load('x', sub(i, 2)), 0)),
    'whose inner loops are of different lengths': (k, i) => {
      const sum = k.variable('sum', 0);
      k.for('j', 0, i, (j) => k.assign(sum, add(sum, k.load('x', j))));
      k.store('out', i, sum);
    },
    'that store at one place': (k, i) => k.store('out', 0, k.load('x', i)),
    'that store under a mask': (k, i) => k.if(gt(k.load('x', i), 0), () => k.store('out', i, k.load('x', i))),
    'that count further than f32 does': (k, i) => {
      const count = k.variable('count', constant(1 << 24));
      k.if(gt(k.load('x', i), 0), () => k.assign(count, add(count, 1)));
      k.store('out', i, cast(count, 'f32'));
    },
    'that change a variable from outside': (k, i) => {
      const last = { kind: 'var', type: 'f32', name: 'last' } as const;
      k.assign(last, k.load('x', i));
      k.store('out', i, last);
    },
  };
  it.each(Object.entries(CASES))('%s', (_name, body) => {
    const one = kernel(buffers, (k) => {
      k.variable('last', 0);
      k.for('i', 0, 12, (i) => body(k, i), { independent: true });
    });
    expect(isVectorized(vectorized(one)), printKernel(vectorized(one))).toBe(false);
  });

  it('that depend on one another', () => {
    const one = kernel(buffers, (k) => k.for('i', 0, 12, (i) => k.store('out', i, k.load('x', i))));
    expect(vectorized(one)).toEqual(one);
    const recurrence = kernel(buffers, (k) => {
      const state = k.variable('state', 0);
      k.for('i', 0, 12, (i) => k.assign(state, add(mul(state, 0.5), k.load('x', i))));
      k.store('out', 0, state);
    });
    expect(vectorized(recurrence)).toEqual(recurrence);
    const entangled = kernel(buffers, (k) => {
      const [a, b] = [k.variable('a', 0), k.variable('b', 0)];
      k.for('i', 0, 12, (i) => {
        k.assign(a, add(a, k.load('x', i)));
        k.assign(b, add(b, a));
      });
      k.store('out', 0, b);
    });
    expect(vectorized(entangled)).toEqual(entangled);
  });
});

describe('NaN', () => {
  it.each([0, 5, 17])('comes through a largest value, at %i', (place) => {
    const one = kernel([buffer('x', 18), buffer('out', 1, 'write')], (k) => {
      const largest = k.variable('largest', k.load('x', 0));
      k.for('i', 0, 18, (i) => k.assign(largest, max(largest, k.load('x', i))));
      k.store('out', 0, largest);
    });
    const after = vectorized(one);
    expect(isVectorized(after)).toBe(true);
    const x = Float64Array.from({ length: 18 }, (_, i) => (i === place ? NaN : i));
    expect([...run(after, [x])[1]!]).toEqual([NaN]);
  });
});

describe('random kernels', () => {
  it('compute the same and stay valid', () => {
    let count = 0;
    fc.assert(
      fc.property(longRandomKernels, (before) => {
        const after = vectorized(before);
        expectSame(before, after);
        if (isVectorized(after)) count++;
      }),
      { numRuns: 400, seed: 1 },
    );
    // Otherwise the property says nothing.
    expect(count).toBeGreaterThan(20);
  });
});

describe('every extent', () => {
  const buffers = [buffer('x', 3 * LENGTH), buffer('w', LENGTH), buffer('out', 3 * LENGTH, 'readWrite')];
  const KERNELS: Readonly<Record<string, (k: KernelBuilder, extent: number) => void>> = {
    'element by element': (k, extent) =>
      k.forEach(['i'], [extent], ([i]) =>
        k.store('out', i!, fma(k.load('x', i!), k.load('w', i!), k.load('out', i!))),
      ),
    'sums beside one another': (k, extent) =>
      k.forEach(['i'], [extent], ([i]) => {
        const sum = k.variable('sum', k.load('w', i!));
        k.for('j', 0, 3, (j) =>
          k.assign(sum, add(sum, mul(k.load('x', add(mul(j, extent), i!)), k.load('w', j)))),
        );
        k.store('out', i!, sum);
      }),
    'a sum and an extreme along the loop': (k, extent) => {
      const [sum, largest] = [k.variable('sum', 1), k.variable('largest', k.load('x', 0))];
      k.for('i', 0, extent, (i) => {
        const value = k.let('value', k.load('x', i));
        k.assign(sum, fma(value, k.load('w', i), sum));
        k.assign(largest, max(largest, value));
      });
      k.store('out', 0, sum);
      k.store('out', 1, largest);
    },
    'sums in rows': (k, extent) => {
      const sum = k.variable('sum', 0);
      k.for('row', 0, 3, (row) =>
        k.for('i', 0, extent, (i) => k.assign(sum, add(sum, k.load('x', add(mul(row, LENGTH), i))))),
      );
      k.store('out', 0, sum);
    },
    'every second number, backwards': (k, extent) =>
      k.forEach(['i'], [extent], ([i]) => k.store('out', i!, k.load('x', sub(2 * LENGTH, mul(i!, 2))))),
    'from somewhere': (k, extent) =>
      k.for(
        'i',
        3,
        3 + extent,
        (i) => k.store('out', i, select(gt(k.load('x', i), 0), exp(k.load('x', i)), 0)),
        {
          independent: true,
        },
      ),
  };
  for (const [name, build] of Object.entries(KERNELS)) {
    it(name, () => {
      for (let extent = 1; extent <= 42; extent++) {
        const before = kernel(buffers, (k) => build(k, extent));
        const after = vectorized(before);
        expectSame(before, after);
        if (extent >= 8) expect(isVectorized(after), printKernel(after)).toBe(true);
        if (extent < 4) expect(isVectorized(after)).toBe(false);
      }
    });
  }
});

describe('in place', () => {
  it('a result may take over the memory of an operand that is read right before', () => {
    const one = kernel([buffer('x', 39), buffer('out', 39, 'write')], (k) =>
      k.forEach(['i'], [39], ([i]) => k.store('out', i!, exp(k.load('x', i!)))),
    );
    const memory = Float64Array.from({ length: 39 }, (_, i) => i / 8);
    const expected = memory.map((value) => Math.exp(value));
    interpretKernel(vectorized(one), [memory, memory]);
    expect([...memory]).toEqual([...expected]);
  });
});
