import { describe, expect, it } from 'vitest';
import { bandRows } from '../../compiler/passes/bandRows.ts';
import { orderModel, peakOfOrder } from '../../compiler/passes/shared/orderModel.ts';
import type { Graph } from '../../compiler/ir/types.ts';
import { expectSameNumbers, graphOf, listing, runPass } from '../support/graphs.ts';

interface Shape {
  readonly kernel?: number;
  readonly padding?: number;
  readonly rows?: number;
  /** The pointwise value is read by something else too. */
  readonly second?: boolean;
}

/** A pool whose result is kept, a scaled copy of it, and a convolution that alone reads the copy. */
const bottleneck = ({ kernel = 1, padding = 0, rows = 8, second = false }: Shape = {}): Graph =>
  graphOf((w) => {
    const { g } = w;
    const x = g.node('sqrt', [g.node('abs', [w.input('x', [1, 8, rows, 4])])]);
    const scale = w.input('scale', [1, 8, 1, 1]);
    const value = g.node('mul', [x, scale]);
    const weight = w.input('weight', [2, 8, kernel, kernel]);
    const attrs = {
      stride: [1, 1],
      padding: [padding, padding, padding, padding],
      dilation: [1, 1],
      groups: 1,
    } as const;
    const y = g.node('conv2d', [value, weight], attrs);
    return { y, x, ...(second && { value }) };
  });

const peak = (graph: Graph): number => {
  const model = orderModel(graph);
  return peakOfOrder(model, [...model.steps.keys()]);
};

describe('a pointwise value before a 1x1 convolution', () => {
  it('exists band by band only', () => {
    const before = bottleneck();
    const after = runPass(bandRows, before);
    expect(listing(after).match(/= mul/g)).toHaveLength(4);
    expect(listing(after)).toContain('concat');
    expect(peak(after)).toBeLessThan(peak(before));
    expectSameNumbers(after, before);
    expect(listing(runPass(bandRows, after))).toBe(listing(after));
  });

  it('has a shorter last band where the rows do not divide', () => {
    const before = bottleneck({ rows: 10 });
    const after = runPass(bandRows, before);
    expect(listing(after)).toMatch(/conv2d\(.*f32\[1,2,3,4\][^]*conv2d\(.*f32\[1,2,1,4\]/);
    expectSameNumbers(after, before);
  });

  it.each<[string, Shape]>([
    ['a larger window', { kernel: 3, padding: 1 }],
    ['a border', { padding: 1 }],
    ['a second reader', { second: true }],
    ['few rows', { rows: 7 }],
  ])('stays whole: %s', (_, shape) => {
    const graph = bottleneck(shape);
    expect(listing(runPass(bandRows, graph))).toBe(listing(graph));
  });
});
