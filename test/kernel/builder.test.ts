/** The builder: names, loops that vanish, conditions that are known, and its refusals. */
import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { add, boolConst, constant, lt, mul } from '../../compiler/kernel/expression.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';

/** A kernel over x and out of 16 elements; whatever is built must be valid. */
function build(body: (k: KernelBuilder) => void): string {
  const buffers = [
    { name: 'x', element: 'f32', length: 16, access: 'read' },
    { name: 'out', element: 'f32', length: 16, access: 'write' },
  ] as const;
  return printKernel(verifyKernel(buildKernel({ name: 'test', buffers }, body)));
}

describe('names', () => {
  it('are numbered when they are taken in the same or an outer block', () => {
    const printed = build((k) => {
      const acc = k.variable('acc', 0);
      const again = k.variable('acc', 1);
      k.for('i', 0, 4, (i) => {
        k.for('i', 0, 4, (inner) => {
          const product = k.let('acc', mul(acc, again));
          k.store('out', add(mul(i, 4), inner), product);
        });
      });
    });
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        var acc: f32 = 0
        var acc_2: f32 = 1
        for i in 0..4 {
          for i_2 in 0..4 {
            let acc_3: f32 = acc * acc_2
            out[i * 4 + i_2] = acc_3
          }
        }
      }"
    `);
  });

  it('are free again after their block', () => {
    const printed = build((k) => {
      for (const at of [0, 8])
        k.for('i', at, at + 8, (i) => k.store('out', i, k.let('value', mul(k.load('x', i), 2))));
    });
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        for i in 0..8 {
          let value: f32 = x[i] * 2
          out[i] = value
        }
        for i in 8..16 {
          let value: f32 = x[i] * 2
          out[i] = value
        }
      }"
    `);
  });

  it('do not hide a buffer', () => {
    const printed = build((k) =>
      k.for('x', 0, 16, (i) => k.store('out', i, k.let('out', add(k.load('x', i), 1)))),
    );
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        for x_2 in 0..16 {
          let out_2: f32 = x[x_2] + 1
          out[x_2] = out_2
        }
      }"
    `);
  });
});

describe('loops', () => {
  it('of one iteration are their body', () => {
    const printed = build((k) => {
      k.for('i', 3, 4, (i) => k.store('out', i, k.load('x', i)));
      k.for('i', 8, 12, (i) => k.store('out', i, k.load('x', i)), { step: 4 });
    });
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        out[3] = x[3]
        out[8] = x[8]
      }"
    `);
  });

  it('of no iteration are nothing', () => {
    const never = () => {
      throw new Error('the body of an empty loop was built');
    };
    const printed = build((k) => {
      k.for('i', 4, 4, never);
      k.for('i', 5, 4, never);
      k.forEach(['a', 'b'], [4, 0], never);
    });
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
      }"
    `);
  });

  it('keep their step and bounds that are computed', () => {
    const printed = build((k) =>
      k.for('i', 0, 16, (i) => k.for('j', i, add(i, 4), (j) => k.store('out', j, 0)), { step: 4 }),
    );
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        for i in 0..16 step 4 {
          for j in i..i + 4 {
            out[j] = 0
          }
        }
      }"
    `);
  });

  it('over a shape leave out extents of 1 and name what has no name', () => {
    const printed = build((k) =>
      k.forEach(['n', 'c'], [1, 4, 1, 4], ([n, c, y, x]) =>
        k.store('out', add(add(n!, mul(c!, 4)), add(y!, x!)), 0),
      ),
    );
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        for c in 0..4 {
          for i3 in 0..4 {
            out[c * 4 + i3] = 0
          }
        }
      }"
    `);
  });

  it('over a shape are independent, others are not unless they say so', () => {
    const { body } = buildKernel({ name: 'test', buffers: [] }, (k) => {
      k.forEach(['a'], [4], () => {});
      k.for('i', 0, 4, () => {});
      k.for('i', 0, 4, () => {}, { independent: true });
    });
    expect(body.map((s) => s.kind === 'for' && s.independent)).toEqual([true, false, true]);
  });

  it('over the shape of a scalar run once', () => {
    const indices: number[] = [];
    build((k) => k.forEach([], [], (index) => void indices.push(index.length)));
    expect(indices).toEqual([0]);
  });
});

describe('statements', () => {
  it('of a known condition are those of its branch', () => {
    const printed = build((k) => {
      k.if(
        boolConst(true),
        () => k.store('out', 0, 1),
        () => k.store('out', 0, 2),
      );
      k.if(
        boolConst(false),
        () => k.store('out', 1, 1),
        () => k.store('out', 1, 2),
      );
      k.if(boolConst(false), () => k.store('out', 2, 1));
    });
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        out[0] = 1
        out[1] = 2
      }"
    `);
  });

  it('print as they were asked for', () => {
    const printed = build((k) => {
      k.comment('the sum of what is below 1');
      const sum = k.variable('sum', 0);
      k.for('i', 0, 16, (i) =>
        k.if(
          lt(k.load('x', i), 1),
          () => k.assign(sum, add(sum, k.load('x', i))),
          () => k.assign(sum, 0),
        ),
      );
      k.barrier();
      k.store('out', 0, sum);
    });
    expect(printed).toMatchInlineSnapshot(`
      "kernel test(x: read f32[16], out: write f32[16]) {
        // the sum of what is below 1
        var sum: f32 = 0
        for i in 0..16 {
          if (x[i] < 1) {
            sum += x[i]
          } else {
            sum = 0
          }
        }
        barrier
        out[0] = sum
      }"
    `);
  });

  it('name no value that has a name or is a constant', () => {
    buildKernel({ name: 'test', buffers: [] }, (k) => {
      const named = k.let('named', mul(k.variable('v', 2), 3));
      expect(k.let('again', named)).toBe(named);
      expect(k.let('seven', constant(7))).toEqual(constant(7));
    });
  });
});

describe('refusals', () => {
  it('a buffer that the kernel does not have', () => {
    expect(() => build((k) => k.load('y', 0))).toThrow('the kernel has no buffer y');
    expect(() => build((k) => k.store('y', 0, 0))).toThrow('the kernel has no buffer y');
  });

  it('an assignment to something that is no variable', () => {
    expect(() => build((k) => k.assign(k.load('x', 0), 0))).toThrow('only a variable can be assigned');
  });
});
