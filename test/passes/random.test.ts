/** Every pass on random networks: what comes out is valid and computes the same, alone and one behind the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeOf, type Graph } from '../../compiler/ir/types.ts';
import { foldBatchNorm } from '../../compiler/passes/foldBatchNorm.ts';
import { foldConstants } from '../../compiler/passes/foldConstants.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { removeDeadNodes } from '../../compiler/passes/removeDeadNodes.ts';
import { shareSubexpressions } from '../../compiler/passes/shareSubexpressions.ts';
import { simplify } from '../../compiler/passes/simplify.ts';
import type { Pass } from '../../compiler/passes/types.ts';
import { INFERENCE_PASSES, runPasses } from '../../compiler/pipeline.ts';
import { expectSameNumbers, listing, runPass } from '../support/graphs.ts';
import { randomGraphs } from '../support/randomGraphs.ts';

const PASSES: readonly Pass[] = [
  foldBatchNorm,
  foldConstants,
  fuse,
  removeDeadNodes,
  shareSubexpressions,
  simplify,
];

/** How often a pass changes something: a property over graphs that it leaves alone says nothing. */
function changes(pass: Pass, runs: number): number {
  let changed = 0;
  fc.assert(
    fc.property(randomGraphs, (graph) => {
      if (listing(runPass(pass, graph)) !== listing(graph)) changed++;
    }),
    { numRuns: runs, seed: 11 },
  );
  return changed;
}

describe('every pass keeps what a network computes', () => {
  it.each([
    [foldBatchNorm, 5],
    [foldConstants, 3],
    [fuse, 20],
    [removeDeadNodes, 5],
    [shareSubexpressions, 1],
    [simplify, 3],
  ] as const)('$name', (pass, least) => {
    expect(changes(pass, 30)).toBeGreaterThanOrEqual(least);
  });

  it('the whole list', () => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        expectSameNumbers(runPasses(graph, INFERENCE_PASSES), graph);
      }),
      { numRuns: 30, seed: 12 },
    );
  });
});

describe('a pass that ran has nothing left to do', () => {
  it.each(PASSES)('$name', (pass) => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        fc.pre(!hasNormOfNorm(graph));
        const once = pass.run(removeDeadNodes.run(graph));
        expect(listing(pass.run(once))).toBe(listing(once));
      }),
      { numRuns: 100, seed: 13 },
    );
  });

  it('folding leaves no batch norm behind a convolution of its own', () => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        fc.pre(!hasNormOfNorm(graph));
        const after = removeDeadNodes.run(foldBatchNorm.run(removeDeadNodes.run(graph)));
        expect(
          after.nodes.filter((node) => node.op === 'batchNorm' && isSoleReader(after, node.inputs[0]!)),
        ).toEqual([]);
      }),
      { numRuns: 100, seed: 14 },
    );
  });
});

/** Of two in a row only the first folds (foldBatchNorm.test.ts). */
const hasNormOfNorm = (graph: Graph): boolean =>
  graph.nodes.some((node) => node.op === 'batchNorm' && nodeOf(graph, node.inputs[0]!).op === 'batchNorm');

/** Whether a value is a convolution's that one node reads and the outside does not. */
function isSoleReader(graph: Graph, value: number): boolean {
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(value)).length;
  return (
    nodeOf(graph, value).op === 'conv2d' &&
    readers === 1 &&
    graph.outputs.every((output) => output.value !== value)
  );
}
