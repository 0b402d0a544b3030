/** Every pass on random networks: the result is valid and computes the same, for each pass alone and for all in order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandRows } from '../../compiler/passes/bandRows.ts';
import { expandBatchNorm } from '../../compiler/passes/expandBatchNorm.ts';
import { foldConstants } from '../../compiler/passes/foldConstants.ts';
import { foldPad } from '../../compiler/passes/foldPad.ts';
import { foldScale } from '../../compiler/passes/foldScale.ts';
import { foldScaleAhead } from '../../compiler/passes/foldScaleAhead.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { orderForMemory } from '../../compiler/passes/orderForMemory.ts';
import { removeDeadNodes } from '../../compiler/passes/removeDeadNodes.ts';
import { shareSubexpressions } from '../../compiler/passes/shareSubexpressions.ts';
import { simplify } from '../../compiler/passes/simplify.ts';
import { sinkScale } from '../../compiler/passes/sinkScale.ts';
import type { Pass } from '../../compiler/passes/types.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { expectSameNumbers, listing, runPass } from '../support/graphs.ts';
import { randomGraphs } from '../support/randomGraphs.ts';

const PASSES: readonly Pass[] = [
  bandRows,
  expandBatchNorm,
  foldConstants,
  foldPad,
  foldScale,
  foldScaleAhead,
  fuse,
  orderForMemory,
  removeDeadNodes,
  shareSubexpressions,
  simplify,
  sinkScale,
];

const EXPANDED: readonly Pass[] = [removeDeadNodes, expandBatchNorm];

/** What stands for a batch norm, and where that goes. */
const SCALES: readonly Pass[] = [expandBatchNorm, foldScale, sinkScale, foldScaleAhead];

/** How often a pass changes something: a property over graphs that it leaves alone says nothing. */
function changes(pass: Pass, before: readonly Pass[], runs: number): number {
  let changed = 0;
  fc.assert(
    fc.property(randomGraphs, (graph) => {
      const prepared = runPasses(graph, before);
      if (listing(runPass(pass, prepared)) !== listing(prepared)) changed++;
    }),
    { numRuns: runs, seed: 11 },
  );
  return changed;
}

describe('every pass keeps what a network computes', () => {
  it.each<readonly [Pass, number, readonly Pass[]]>([
    [expandBatchNorm, 20, []],
    [foldConstants, 3, []],
    [foldPad, 10, []],
    [foldScale, 5, EXPANDED],
    [foldScaleAhead, 2, EXPANDED],
    [fuse, 20, []],
    [orderForMemory, 1, []],
    [removeDeadNodes, 5, []],
    [shareSubexpressions, 1, []],
    [simplify, 3, []],
    [sinkScale, 1, EXPANDED],
  ])('$name', (pass, least, before) => {
    expect(changes(pass, before, 120)).toBeGreaterThanOrEqual(least);
  });

  it('the whole list', () => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        expectSameNumbers(runPasses(graph, passesFor('inference')), graph);
      }),
      { numRuns: 30, seed: 12 },
    );
  });
});

describe('a pass that ran has nothing left to do', () => {
  it.each(PASSES)('$name', (pass) => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        const once = pass.run(removeDeadNodes.run(graph));
        expect(listing(pass.run(once))).toBe(listing(once));
      }),
      { numRuns: 100, seed: 13 },
    );
  });

  it('what stands for a batch norm, on its way into the layers around it', () => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        const once = runPasses(removeDeadNodes.run(graph), SCALES);
        expectSameNumbers(once, graph);
        expect(listing(runPasses(once, [foldScale, sinkScale]))).toBe(listing(once));
      }),
      { numRuns: 50, seed: 15 },
    );
  });

  it('no batch norm with fixed statistics is left', () => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        const after = runPasses(graph, passesFor('inference'));
        expect(after.nodes.filter(({ op }) => op === 'batchNorm')).toEqual([]);
      }),
      { numRuns: 100, seed: 14 },
    );
  });
});
