/** Unread nodes are gone; the model's inputs and outputs stay. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { removeDeadNodes } from '../../compiler/passes/removeDeadNodes.ts';
import { graphOf, listing, runPass } from '../support/graphs.ts';

describe('removing dead nodes', () => {
  it('takes whole chains and their parameters', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 2, 4, 4]);
      const y = w.g.node('relu', [x]);
      w.g.node('softmax', [w.g.node('neg', [w.conv(y, w.parameter('unused', [2, 2, 3, 3]))])], { axis: 1 });
      return { y: w.g.node('neg', [y]) };
    });
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = relu(%0)  f32[1,2,4,4]
        %2 = parameter unused  f32[2,2,3,3]
        %3 = conv2d(%1, %2) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,2,4,4]
        %4 = neg(%3)  f32[1,2,4,4]
        %5 = softmax(%4) {axis: 1}  f32[1,2,4,4]
        %6 = neg(%1)  f32[1,2,4,4]
        output y = %6
      "
    `);
    expect(listing(runPass(removeDeadNodes, graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = relu(%0)  f32[1,2,4,4]
        %2 = neg(%1)  f32[1,2,4,4]
        output y = %2
      "
    `);
  });

  it('keeps unread inputs', () => {
    const graph = graphOf((w) => {
      w.input('unread', [3]);
      return { y: w.g.node('neg', [w.input('x', [3])]) };
    });
    expect(listing(runPass(removeDeadNodes, graph))).toBe(listing(graph));
  });

  it('keeps both ends of an update, and what the new value depends on', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [3]);
      w.parameter('mean', [3]);
      const idle = w.parameter('idle', [3]);
      w.g.node('mul', [idle, idle]);
      // The mean itself is not read: it is only set.
      w.g.node('add', [x, x]);
      return { y: w.g.node('neg', [x]) };
    });
    const sum = graph.nodes.find(({ op }) => op === 'add')!;
    const training: Graph = { ...graph, updates: [{ target: 1, value: sum.id }] };
    expect(listing(runPass(removeDeadNodes, training))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[3]
        %1 = parameter mean  f32[3]
        %2 = add(%0, %0)  f32[3]
        %3 = neg(%0)  f32[3]
        output y = %3
        update %1 <- %2
      "
    `);
  });

  it('hands back the graph itself where there is nothing to do', () => {
    const graph = graphOf((w) => ({ y: w.g.node('relu', [w.input('x', [3])]) }));
    expect(removeDeadNodes.run(graph)).toBe(graph);
  });
});
