/** Where branches are run one after the other instead of side by side, and what is left as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph, ValueId } from '../../compiler/ir/types.ts';
import { verifyGraph } from '../../compiler/ir/verifier.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import { infer } from '../../compiler/ops/infer.ts';
import { orderForMemory, orderForMemoryIn } from '../../compiler/passes/orderForMemory.ts';
import { orderModel, peakOfOrder, type OrderModel } from '../../compiler/passes/shared/orderModel.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { graphOf, listing, runPass, type GraphWriter } from '../support/graphs.ts';
import { randomGraphs } from '../support/randomGraphs.ts';

const peak = (graph: Graph): number => {
  const model = orderModel(graph);
  return peakOfOrder(model, [...model.steps.keys()]);
};

const pointConv = (w: GraphWriter, x: ValueId, name: string, channels: number): ValueId =>
  w.conv(x, w.parameter(name, [channels, w.g.shapeOf(x)[1]!, 1, 1]));

const mean = (w: GraphWriter, x: ValueId): ValueId => w.g.node('globalAveragePool', [x]);

describe('branches', () => {
  const sideBySide = graphOf((w) => {
    const x = w.input('x', [1, 1, 4, 4]);
    const [a, b] = [pointConv(w, x, 'a', 8), pointConv(w, x, 'b', 8)];
    return { y: w.g.node('add', [mean(w, a), mean(w, b)]) };
  });

  it('run one after the other, so that only one is wide at a time', () => {
    expect(listing(sideBySide)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,1,4,4]
        %1 = parameter a  f32[8,1,1,1]
        %2 = conv2d(%0, %1) {stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,8,4,4]
        %3 = parameter b  f32[8,1,1,1]
        %4 = conv2d(%0, %3) {stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,8,4,4]
        %5 = globalAveragePool(%2)  f32[1,8,1,1]
        %6 = globalAveragePool(%4)  f32[1,8,1,1]
        %7 = add(%5, %6)  f32[1,8,1,1]
        output y = %7
      "
    `);
    expect(listing(runPass(orderForMemory, sideBySide))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,1,4,4]
        %1 = parameter a  f32[8,1,1,1]
        %2 = conv2d(%0, %1) {stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,8,4,4]
        %3 = globalAveragePool(%2)  f32[1,8,1,1]
        %4 = parameter b  f32[8,1,1,1]
        %5 = conv2d(%0, %4) {stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,8,4,4]
        %6 = globalAveragePool(%5)  f32[1,8,1,1]
        %7 = add(%3, %6)  f32[1,8,1,1]
        output y = %7
      "
    `);
    // x and both wide ones; x, one wide one and the other's mean.
    expect([peak(sideBySide), peak(orderForMemory.run(sideBySide))]).toEqual([
      4 * (16 + 2 * 128),
      4 * (16 + 128 + 8),
    ]);
  });

  it('that need much but leave little run first', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 1, 4, 4]);
      const kept = pointConv(w, x, 'kept', 4);
      const wide = pointConv(w, x, 'wide', 16);
      return { y: w.g.node('add', [pointConv(w, wide, 'narrow', 4), kept]) };
    });
    const after = runPass(orderForMemory, graph);
    expect(after.nodes.flatMap((node) => (node.op === 'parameter' ? [node.attrs.name] : []))).toEqual([
      'wide',
      'narrow',
      'kept',
    ]);
    // Kept, wide and narrow; x, wide and narrow.
    expect([peak(graph), peak(after)]).toEqual([4 * (64 + 256 + 64), 4 * (16 + 256 + 64)]);
  });

  it('in a region too large to be searched are ordered by rules', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 1, 4, 4]);
      const wide = Array.from({ length: 40 }, (_, i) => pointConv(w, x, `w${i}`, 8));
      const means = wide.map((value) => mean(w, value));
      return { y: w.g.node('concat', means, { axis: 1 }) };
    });
    expect([peak(graph), peak(runPass(orderForMemory, graph))]).toEqual([
      4 * (40 * 128 + 320),
      4 * (16 + 128 + 320),
    ]);
  });
});

describe('left alone, the very same graph', () => {
  it.each<[string, (w: GraphWriter) => ValueId]>([
    ['a chain', (w) => mean(w, pointConv(w, pointConv(w, w.input('x', [1, 2, 4, 4]), 'a', 8), 'b', 2))],
    [
      'a residual block',
      (w) => {
        const x = w.input('x', [1, 4, 4, 4]);
        return w.g.node('add', [pointConv(w, pointConv(w, x, 'a', 4), 'b', 4), x]);
      },
    ],
    [
      'branches of which both stay: neither order is better',
      (w) => {
        const x = w.input('x', [1, 4, 4, 4]);
        return w.g.node('concat', [pointConv(w, x, 'a', 4), pointConv(w, x, 'b', 4)], { axis: 1 });
      },
    ],
  ])('%s', (_name, build) => {
    const graph = graphOf((w) => ({ y: build(w) }));
    expect(orderForMemory.run(graph)).toBe(graph);
  });
});

describe('turns', () => {
  const graph = graphOf((w) => {
    const x = w.input('x', [1, 1, 4, 4]);
    const [a, b] = [pointConv(w, x, 'a', 8), pointConv(w, x, 'b', 8)];
    return { y: w.g.node('add', [mean(w, a), mean(w, b)]) };
  });

  it('are not mixed: what runs later in any case is no reason to move', () => {
    const meansLater = orderForMemoryIn({
      turns:
        () =>
        ({ op }) =>
          op === 'conv2d' ? 0 : 1,
    });
    expect(meansLater.run(graph)).toBe(graph);
  });

  it('leave out what runs as soon as it can', () => {
    const uncounted = orderForMemoryIn({
      turns:
        () =>
        ({ op }) =>
          op === 'add' ? undefined : 0,
    });
    expect(listing(runPass(uncounted, graph))).toBe(listing(orderForMemory.run(graph)));
  });
});

/** The lowest peak of all orders, by trying them. */
function lowestPeak(model: OrderModel): number {
  let lowest = Infinity;
  const visit = (order: readonly number[]): void => {
    if (order.length === model.steps.length) lowest = Math.min(lowest, peakOfOrder(model, order));
    model.steps.forEach(({ needs }, step) => {
      if (!order.includes(step) && needs.every((need) => order.includes(need))) visit([...order, step]);
    });
  };
  visit([]);
  return lowest;
}

/** Nodes that read one or two of the values before them, of different sizes. */
const branchy: fc.Arbitrary<Graph> = fc
  .array(fc.tuple(fc.nat({ max: 4 }), fc.constantFrom(1, 2, 4, 8), fc.boolean()), {
    minLength: 3,
    maxLength: 6,
  })
  .map((draws) =>
    graphOf((w) => {
      const values = [w.input('x', [1, 2, 3, 3])];
      const unread = new Set<ValueId>();
      draws.forEach(([back, channels, isMean], i) => {
        const operand = values.at(-1 - Math.min(back, values.length - 1))!;
        const value = isMean ? mean(w, operand) : pointConv(w, operand, `w${i}`, channels);
        unread.delete(operand);
        unread.add(value);
        values.push(value);
      });
      const means = [...unread].map((value) => w.g.node('flatten', [mean(w, value)], { axis: 1 }));
      return { y: w.g.node('concat', means, { axis: 1 }) };
    }),
  );

describe('on random graphs', () => {
  it('the peak is the lowest of all orders', () => {
    let lowered = 0;
    fc.assert(
      fc.property(branchy, (graph) => {
        const after = runPass(orderForMemory, graph);
        fc.pre(orderModel(graph).steps.length <= 10);
        expect(peak(after)).toBe(lowestPeak(orderModel(graph)));
        if (after !== graph) lowered++;
      }),
      { numRuns: 40, seed: 21 },
    );
    expect(lowered).toBeGreaterThan(5);
  });

  it('it is never higher, in the estimate and in the plan, and nothing else is computed', () => {
    let changed = 0;
    fc.assert(
      fc.property(randomGraphs, (random) => {
        const graph = runPasses(random, passesFor('inference', { disabled: new Set(['orderForMemory']) }));
        const after = runPass(orderForMemory, graph);
        expect(peak(after)).toBeLessThanOrEqual(peak(graph));
        if (after === graph) return;
        changed++;
        const bound = (one: Graph): number => planMemory(lower(one, typescriptTarget)).lowerBoundBytes;
        // The estimate does not know repacks.
        expect(bound(after)).toBeLessThanOrEqual(1.2 * bound(graph));
      }),
      { numRuns: 100, seed: 22 },
    );
    expect(changed).toBeGreaterThan(0);
  });
});

describe('a long chain', () => {
  it('of 3,000 nodes is looked at once', () => {
    const graph = graphOf((w) => {
      let value = w.input('x', [1, 1, 1, 1]);
      for (let i = 0; i < 1500; i++) value = w.g.node('add', [w.g.node('exp', [value]), value]);
      return { y: value };
    });
    const started = performance.now();
    expect(orderForMemory.run(graph)).toBe(graph);
    expect(performance.now() - started).toBeLessThan(5000);
    verifyGraph(graph, infer, 'orderForMemory');
  });
});
