/**
 * Every kernel of the WebGPU target over its grid, by the interpreter, which throws where an access leaves its buffer,
 * where two invocations meet at an element and where they do not agree on the way to a barrier. Robust drivers hide the
 * first, luck the second.
 */
import { describe, expect, it } from 'vitest';
import type { Graph, OpName } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import { evaluateGraph, type Bindings } from '../../compiler/ops/evaluate.ts';
import { definitionOf } from '../../compiler/ops/index.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { createWebgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { describeShape, fusedGraph, partGraph, SHAPES, type Shape } from '../support/convShapes.ts';
import { randomBindings } from '../support/graphs.ts';
import { interpretOnGrid } from '../support/gridMachine.ts';
import { describeDifferences, maxRelativeError } from '../support/numbers.ts';
import { alone, caseOf, inside, takesTail, withTail } from '../support/opCases.ts';
import { sampledOps } from './sampleChecks.ts';

/**
 * f64 on both sides, in another order; Winograd's constants and packed weights are f64 here too. Constants of kernels are
 * f32's nearest, which is 6e-8 off.
 */
const TOLERANCE = 1e-7;

/** Both families of schedules; operations without any have the same kernels in both. */
const [BLOCKED, TILED] = (['blocked', 'tiled'] as const).map((family) => createWebgpuTarget({ family }));

function check(target: Target, graph: Graph, bindings: Bindings, oracle = graph): void {
  const [program] = deduplicateKernels([lower(graph, target)]);
  const actual = interpretOnGrid(program!, bindings);
  for (const [name, expected] of Object.entries(evaluateGraph(oracle, bindings).outputs)) {
    const found = actual[name]!;
    expect(
      maxRelativeError(found, expected),
      describeDifferences(found, expected, TOLERANCE),
    ).toBeLessThanOrEqual(TOLERANCE);
  }
}

describe('the samples of', () => {
  it.each([
    ...sampledOps.map((op) => [op, 'blocked', BLOCKED!] as const),
    ...sampledOps.filter((op) => op in TILED!.schedules).map((op) => [op, 'tiled', TILED!] as const),
  ])('%s, %s', (op: OpName, _family, target) => {
    for (const sample of definitionOf<OpName>(op).samples) {
      for (const { graph, bindings } of [alone, inside].map((build) => caseOf(op, sample, build)))
        check(target, graph, bindings);
      if (!takesTail(op, sample)) continue;
      const { graph, bindings } = caseOf(op, sample, withTail);
      check(target, fuse.run(graph), bindings, graph);
    }
  });
});

/** The others take longer than they tell: what a schedule does at borders it does in small images. */
const isQuick = ({ image, outputs }: Shape): boolean =>
  image.reduce((product, extent) => product * extent, outputs) < 100_000;

describe('convolutions', () => {
  it.each(SHAPES.filter(isQuick).map((shape) => [describeShape(shape), shape] as const))('%s', (_, shape) => {
    for (const graph of [fusedGraph(shape), partGraph(shape)])
      for (const target of [BLOCKED!, TILED!]) check(target, graph, randomBindings(graph));
  });
});
