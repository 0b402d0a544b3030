/**
 * Kernels of the WebGPU target over their grids, by the interpreter, which throws where an access leaves its buffer,
 * where two invocations meet at an element and where they do not agree on the way to a barrier. Robust drivers hide the
 * first, luck the second.
 */
import { expect } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import { evaluateGraph, type Bindings } from '../../compiler/ops/evaluate.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { createWebgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { fusedGraph, partGraph, type Shape } from '../support/convShapes.ts';
import { randomBindings } from '../support/graphs.ts';
import { interpretOnGrid } from '../support/gridMachine.ts';
import { describeDifferences, maxRelativeError } from '../support/numbers.ts';

/**
 * f64 on both sides, in another order; Winograd's constants and packed weights are f64 here too. Constants of kernels are
 * f32's nearest, which is 6e-8 off.
 */
const TOLERANCE = 1e-7;

/** Both families of schedules; operations without any have the same kernels in both. */
export const [BLOCKED, TILED] = [
  createWebgpuTarget({ family: 'blocked' }),
  createWebgpuTarget({ family: 'tiled' }),
] as const;

export function checkOnGrid(target: Target, graph: Graph, bindings: Bindings, oracle = graph): void {
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

export function checkConvolution(shape: Shape): void {
  for (const graph of [fusedGraph(shape), partGraph(shape)])
    for (const target of [BLOCKED, TILED]) checkOnGrid(target, graph, randomBindings(graph));
}

/** What a schedule does at borders it does in small images. */
export const isQuick = ({ image, outputs }: Shape): boolean =>
  image.reduce((product, extent) => product * extent, outputs) < 15_000;
