/** Pads that become a window's own padding, and those that must not. */
import { describe, expect, it } from 'vitest';
import type { Attrs, Graph, OpName, ValueId } from '../../compiler/ir/types.ts';
import { constantAttrs } from '../../compiler/ops/leaves.ts';
import { foldPad } from '../../compiler/passes/foldPad.ts';
import { graphOf, listing, runPass, type GraphWriter } from '../support/graphs.ts';

const opsOf = (graph: Graph): OpName[] => graph.nodes.map(({ op }) => op);

/** [top, left, bottom, right] around a plane. */
function padded(
  w: GraphWriter,
  x: ValueId,
  [top, left, bottom, right]: readonly [number, number, number, number],
  attrs: Partial<Attrs['pad']> = {},
): ValueId {
  const amounts = { before: [0, 0, top, left], after: [0, 0, bottom, right] };
  return w.g.node('pad', [x], { ...amounts, mode: 'constant', value: 0, ...attrs });
}

const pool = (attrs: Partial<Attrs['averagePool']> = {}): Attrs['averagePool'] => ({
  kernel: [3, 3],
  stride: [2, 2],
  padding: [0, 0, 0, 0],
  dilation: [1, 1],
  ceilMode: false,
  countIncludePad: false,
  ...attrs,
});

const image = (w: GraphWriter): ValueId => w.input('x', [1, 2, 6, 7]);

const conv = (w: GraphWriter, x: ValueId): ValueId =>
  w.conv(x, w.parameter('w', [3, 2, 3, 3]), undefined, { stride: [2, 2], padding: [0, 0, 0, 0] });

describe('a pad becomes padding', () => {
  it('of a convolution, unevenly where it is uneven', () => {
    const graph = graphOf((w) => ({ y: conv(w, padded(w, image(w), [0, 1, 2, 3])) }));
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,6,7]
        %1 = pad(%0) {before: [0, 0, 0, 1], after: [0, 0, 2, 3], mode: "constant", value: 0}  f32[1,2,8,11]
        %2 = parameter w  f32[3,2,3,3]
        %3 = conv2d(%1, %2) {stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,3,3,5]
        output y = %3
      "
    `);
    expect(listing(runPass(foldPad, graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,6,7]
        %1 = parameter w  f32[3,2,3,3]
        %2 = conv2d(%0, %1) {stride: [2, 2], padding: [0, 1, 2, 3], dilation: [1, 1], groups: 1}  f32[1,3,3,5]
        output y = %2
      "
    `);
  });

  it.each<[string, (w: GraphWriter) => ValueId]>([
    [
      'of a convolution that pads already, with a bias and groups',
      (w) => {
        const attrs = { groups: 2, dilation: [2, 2] as const };
        return w.conv(
          padded(w, image(w), [1, 0, 0, 4]),
          w.parameter('w', [4, 1, 3, 3]),
          w.parameter('b', [4]),
          attrs,
        );
      },
    ],
    [
      'of an average, which then counts it',
      (w) => w.g.node('averagePool', [padded(w, image(w), [1, 2, 0, 1])], pool()),
    ],
    [
      'of an average that counts its own',
      (w) =>
        w.g.node(
          'averagePool',
          [padded(w, image(w), [1, 1, 1, 1])],
          pool({ padding: [1, 1, 1, 0], countIncludePad: true }),
        ),
    ],
    [
      'of a maximum, as minus infinity',
      (w) => w.g.node('maxPool', [padded(w, image(w), [1, 1, 2, 2], { value: -Infinity })], pool()),
    ],
    [
      'of a maximum, as zeros around what is never below them',
      (w) => w.g.node('maxPool', [padded(w, w.g.node('relu', [image(w)]), [1, 1, 1, 1])], pool()),
    ],
    [
      'of a maximum, around sums of such',
      (w) => {
        const sum = w.g.node('add', [
          w.g.node('sigmoid', [image(w)]),
          w.g.node('abs', [w.input('z', [2, 1, 1])]),
        ]);
        return w.g.node(
          'maxPool',
          [padded(w, w.g.node('concat', [sum, sum], { axis: 1 }), [0, 0, 1, 1])],
          pool(),
        );
      },
    ],
  ])('%s', (_name, build) => {
    expect(
      opsOf(
        runPass(
          foldPad,
          graphOf((w) => ({ y: build(w) })),
        ),
      ),
    ).not.toContain('pad');
  });

  it('of each of its readers', () => {
    const graph = graphOf((w) => {
      const x = padded(w, image(w), [1, 1, 1, 1]);
      return { y: conv(w, x), z: w.g.node('averagePool', [x], pool()) };
    });
    expect(opsOf(runPass(foldPad, graph))).not.toContain('pad');
  });

  it('and stays for those who need it', () => {
    const graph = graphOf((w) => {
      const x = padded(w, image(w), [1, 1, 1, 1]);
      return { y: conv(w, x), z: w.g.node('tanh', [x]) };
    });
    const after = runPass(foldPad, graph);
    expect(opsOf(after)).toEqual(['input', 'pad', 'parameter', 'conv2d', 'tanh']);
    expect(after.nodes[3]!.inputs[0]).toBe(0);
  });
});

describe('a pad stays', () => {
  it.each<[string, (w: GraphWriter) => ValueId]>([
    ['when it is not of zeros', (w) => conv(w, padded(w, image(w), [1, 1, 1, 1], { value: 0.5 }))],
    ['when it reflects', (w) => conv(w, padded(w, image(w), [1, 1, 1, 1], { mode: 'reflect' }))],
    ['when it repeats the edge', (w) => conv(w, padded(w, image(w), [1, 1, 1, 1], { mode: 'edge' }))],
    [
      'when it adds channels',
      (w) => {
        const amounts = { before: [0, 1, 1, 1], after: [0, 0, 1, 1] };
        const x = w.g.node('pad', [w.input('x', [1, 1, 6, 7])], { ...amounts, mode: 'constant', value: 0 });
        return conv(w, x);
      },
    ],
    [
      'before an average that has padding it does not count',
      (w) => w.g.node('averagePool', [padded(w, image(w), [1, 1, 1, 1])], pool({ padding: [1, 1, 1, 1] })),
    ],
    [
      'when windows would see nothing else',
      (w) => w.g.node('averagePool', [padded(w, image(w), [3, 0, 0, 0])], pool()),
    ],
    [
      'before a pooling in ceil mode, where padding counts windows',
      (w) => w.g.node('averagePool', [padded(w, image(w), [1, 1, 1, 1])], pool({ ceilMode: true })),
    ],
    [
      'before a dilated pooling',
      (w) =>
        w.g.node(
          'maxPool',
          [padded(w, image(w), [1, 1, 1, 1], { value: -Infinity })],
          pool({ dilation: [2, 2] }),
        ),
    ],
    [
      'before a maximum, as zeros that may win',
      (w) => w.g.node('maxPool', [padded(w, image(w), [1, 1, 1, 1])], pool()),
    ],
    [
      'before a maximum, as zeros around a difference',
      (w) => {
        const half = w.g.node('constant', [], constantAttrs([], [0.5]));
        const x = w.g.node('sub', [w.g.node('relu', [image(w)]), half]);
        return w.g.node('maxPool', [padded(w, x, [1, 1, 1, 1])], pool());
      },
    ],
    [
      'before a maximum, when it is above 0',
      (w) =>
        w.g.node('maxPool', [padded(w, w.g.node('relu', [image(w)]), [1, 1, 1, 1], { value: 0.5 })], pool()),
    ],
    [
      'before a minimum',
      (w) => w.g.node('minPool', [padded(w, w.g.node('relu', [image(w)]), [1, 1, 1, 1])], pool()),
    ],
  ])('%s', (_name, build) => {
    const graph = graphOf((w) => ({ y: build(w) }));
    expect(listing(runPass(foldPad, graph))).toBe(listing(graph));
  });
});
