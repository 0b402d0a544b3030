/** Kernels in terms that WGSL has: loads in conditions, vectors in buffers of numbers, names. */
import { describe, expect, it } from 'vitest';
import type { KernelBuilder } from '../../../compiler/kernel/builder.ts';
import {
  add,
  and,
  f32Const,
  ge,
  lt,
  mul,
  or,
  select,
  splat,
  sub,
} from '../../../compiler/kernel/expression.ts';
import { INVOCATION } from '../../../compiler/kernel/grid.ts';
import { printStatements, readingSpelling } from '../../../compiler/kernel/printer.ts';
import { branchOnLoads } from '../../../compiler/targets/webgpu/passes/branchOnLoads.ts';
import { renameWords } from '../../../compiler/targets/webgpu/passes/renameWords.ts';
import { placeBuffers, type Place } from '../../../compiler/targets/webgpu/places.ts';
import { verifyKernel } from '../../../compiler/kernel/verifier.ts';
import { gridKernel } from './kernels.ts';

const BUFFERS = ['x: read f32[64]', 'y: read f32[64]', 'out: write f32[64]'];

const PLACES: Readonly<Record<string, Place>> = {
  x: { name: 'x', isVector: false, base: 0 },
  y: { name: 'y', isVector: true, base: 8 },
  out: { name: 'out', isVector: false, base: 3 },
};

function legal(build: (k: KernelBuilder) => void, places = PLACES): string {
  const kernel = verifyKernel(renameWords(branchOnLoads(gridKernel(BUFFERS, build))));
  const body = placeBuffers(kernel, (name) => places[name]!);
  return printStatements(body, readingSpelling, () => 'f32', '').join('\n');
}

describe('places', () => {
  it('are the element of the binding, a vector where it is one of vectors', () => {
    const text = legal((k) => {
      k.store('out', INVOCATION, k.load('x', add(INVOCATION, 1)));
      k.store('out', 0, k.load('y', mul(INVOCATION, 4), 'f32x4'));
    });
    expect(text).toMatchInlineSnapshot(`
      "out[invocation + 3] = x[invocation + 1]
      let stored: f32x4 = y[invocation + 2]
      out[3] = stored[0]
      out[4] = stored[1]
      out[5] = stored[2]
      out[6] = stored[3]"
    `);
  });

  it('of four numbers that are no vector are one by one', () => {
    const text = legal((k) => {
      k.store('out', add(INVOCATION, 1), mul(k.load('x', mul(INVOCATION, 3), 'f32x4'), 2));
      k.store('out', 4, splat(f32Const(0)));
    });
    expect(text).toMatchInlineSnapshot(`
      "let from_2: i32 = invocation * 3
      let stored: f32x4 = f32x4(x[from_2], x[from_2 + 1], x[from_2 + 2], x[from_2 + 3]) * f32x4(2)
      let place: i32 = invocation + 4
      out[place] = stored[0]
      out[place + 1] = stored[1]
      out[place + 2] = stored[2]
      out[place + 3] = stored[3]
      let stored_2: f32x4 = f32x4(0)
      out[7] = stored_2[0]
      out[8] = stored_2[1]
      out[9] = stored_2[2]
      out[10] = stored_2[3]"
    `);
  });
});

describe('a choice between loads', () => {
  it('is a branch, which computes one of them', () => {
    const text = legal((k) =>
      k.store(
        'out',
        INVOCATION,
        select(lt(INVOCATION, 9), k.load('x', INVOCATION), k.load('x', sub(INVOCATION, 9))),
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "var chosen: f32 = 0
      if (invocation < 9) {
        chosen = x[invocation]
      } else {
        chosen = x[invocation - 9]
      }
      out[invocation + 3] = chosen"
    `);
  });

  it('starts as what is there without a load', () => {
    const text = legal((k) =>
      k.store('out', INVOCATION, add(1, select(lt(INVOCATION, 9), k.load('x', INVOCATION), 5))),
    );
    expect(text).toMatchInlineSnapshot(`
      "var chosen: f32 = 5
      if (invocation < 9) {
        chosen = x[invocation]
      }
      out[invocation + 3] = 1 + chosen"
    `);
  });

  it('inside of one is computed in its branch', () => {
    const text = legal((k) => {
      const inner = select(lt(INVOCATION, 5), k.load('x', INVOCATION), 1);
      k.store('out', INVOCATION, select(lt(INVOCATION, 9), mul(inner, 2), 0));
    });
    expect(text).toMatchInlineSnapshot(`
      "var chosen: f32 = 0
      if (invocation < 9) {
        var chosen_2: f32 = 1
        if (invocation < 5) {
          chosen_2 = x[invocation]
        }
        chosen = chosen_2 * 2
      }
      out[invocation + 3] = chosen"
    `);
  });

  it('stays a choice where nothing is loaded, or lanes are chosen', () => {
    const text = legal((k) => {
      const four = k.let('four', k.load('y', mul(INVOCATION, 4), 'f32x4'));
      k.store('out', 0, select(lt(four, 1), four, k.load('y', 0, 'f32x4')));
      k.store('out', 9, select(lt(INVOCATION, 3), f32Const(1), 2));
    });
    expect(text).toMatchInlineSnapshot(`
      "let four: f32x4 = y[invocation + 2]
      let stored: f32x4 = four < f32x4(1) ? four : y[2]
      out[3] = stored[0]
      out[4] = stored[1]
      out[5] = stored[2]
      out[6] = stored[3]
      out[12] = invocation < 3 ? 1 : 2"
    `);
  });

  it('that a loop or a branch asks for stands before it', () => {
    const text = legal((k) => {
      const chosen = select(lt(INVOCATION, 5), k.load('x', INVOCATION), 1);
      k.if(lt(chosen, 3), () => k.store('out', 0, 1));
      k.for('i', 0, { kind: 'cast', type: 'i32', value: chosen }, (i) => k.store('out', i, 1));
    });
    expect(text).toMatchInlineSnapshot(`
      "var chosen: f32 = 1
      if (invocation < 5) {
        chosen = x[invocation]
      }
      if (chosen < 3) {
        out[3] = 1
      }
      var chosen_2: f32 = 1
      if (invocation < 5) {
        chosen_2 = x[invocation]
      }
      for i in 0..i32(chosen_2) {
        out[i + 3] = 1
      }"
    `);
  });
});

describe('a second question', () => {
  it.each([
    ['and', and, '}'],
    ['or', or, '  chosen = true\n} else {\n  chosen = x[invocation] >= 1\n}'],
  ])('after "%s" is asked only where it counts, if it loads', (name, both, otherwise) => {
    const text = legal((k) =>
      k.if(both(lt(INVOCATION, 9), ge(k.load('x', INVOCATION), 1)), () => k.store('out', INVOCATION, 1)),
    );
    const then = name === 'and' ? '  chosen = x[invocation] >= 1\n' : '';
    const question = `var chosen: bool = false\nif (invocation < 9) {\n${then}${otherwise}`;
    expect(text).toBe(`${question}\nif (chosen) {\n  out[invocation + 3] = 1\n}`);
  });

  it('that does not load is asked as it stands', () => {
    const text = legal((k) =>
      k.if(and(lt(INVOCATION, 9), ge(INVOCATION, 1)), () => k.store('out', INVOCATION, k.load('x', 0))),
    );
    expect(text).toMatchInlineSnapshot(`
      "if (invocation < 9 && invocation >= 1) {
        out[invocation + 3] = x[0]
      }"
    `);
  });
});

describe('names', () => {
  it('that are words of the language become others, everywhere', () => {
    const text = legal((k) => {
      const loop = k.variable('loop', 0);
      k.for('let', 0, 5, (i) => k.assign(loop, add(loop, k.load('x', k.let('fn', mul(i, 2))))));
      const taken = k.let('loop_', mul(loop, 2));
      k.store('out', 0, taken);
    });
    expect(text).toMatchInlineSnapshot(`
      "var loop__2: f32 = 0
      for let_ in 0..5 {
        let fn_: i32 = let_ * 2
        loop__2 += x[fn_]
      }
      let loop_: f32 = loop__2 * 2
      out[3] = loop_"
    `);
  });

  it('that are made up are not in use', () => {
    const text = legal((k) => {
      const chosen = k.let('chosen', mul(INVOCATION, 2));
      k.store('out', chosen, select(lt(chosen, 9), k.load('x', chosen), 5));
    });
    expect(text).toMatchInlineSnapshot(`
      "let chosen: i32 = invocation * 2
      var chosen_2: f32 = 5
      if (chosen < 9) {
        chosen_2 = x[chosen]
      }
      out[chosen + 3] = chosen_2"
    `);
  });
});
