/**
 * Every way of the wasm target to compute a convolution, on shapes with all kinds of rests: rows, columns, tiles, blocks
 * of channels; alone between activations, with bias, residual and activation, and on a part of a larger image's channels.
 */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { CONV_WAYS, type ConvWay } from '../../compiler/targets/wasm/schedules/conv2d/conv2d.ts';
import { describeShape, fusedGraph, partGraph, SHAPES, targetWith } from '../support/convShapes.ts';
import { randomBindings } from '../support/graphs.ts';
import { maxAbs } from '../support/numbers.ts';
import { runProgram } from '../support/runProgram.ts';

/** In roundings of f32 of the largest number, for sums of up to 576 products. */
const ALLOWED: Readonly<Record<ConvWay['name'], number>> = {
  depthwise: 64,
  direct: 64,
  // B, G and A amplify: Lavin and Gray measure 1e-5 for F(2x2), 1e-4 for F(4x4) at this depth.
  winograd2: 256,
  winograd4: 2048,
};

/** Checks a way with and without relaxed SIMD; false where the way does not fit. */
function check(way: ConvWay, graph: Graph): boolean {
  const { target, wasTaken } = targetWith(way);
  const [program] = deduplicateKernels([lower(graph, target)]);
  if (!wasTaken()) return false;
  const bindings = randomBindings(graph);
  const { outputs: expected, values } = evaluateGraph(graph, bindings);
  const allowed = ALLOWED[way.name] * 2 ** -24 * Math.max(1, ...values.map(maxAbs));
  for (const relaxed of [false, true]) {
    const actual = runProgram(program!, planMemory(program!), bindings, { target: 'wasm', relaxed });
    for (const [name, numbers] of Object.entries(expected)) {
      const wrong = [...actual[name]!].filter((value, i) => !(Math.abs(value - numbers[i]!) <= allowed));
      expect(wrong.slice(0, 5), `${name}, of ${numbers.length} ${wrong.length} are wrong`).toEqual([]);
    }
  }
  return true;
}

describe.each(CONV_WAYS.map((way) => [way.name, way] as const))('%s', (_, way) => {
  const taken: string[] = [];
  it.each(SHAPES.map((shape) => [describeShape(shape), shape] as const))('%s', (name, shape) => {
    const runs = [fusedGraph(shape), partGraph(shape)].map((graph) => check(way, graph));
    if (runs.includes(true)) taken.push(name);
  });

  it('takes its share of them', () => {
    const least = { depthwise: 2, direct: 12, winograd2: 6, winograd4: 6 }[way.name];
    expect(taken.length).toBeGreaterThanOrEqual(least);
  });
});
