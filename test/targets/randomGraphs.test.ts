/**
 * Random networks through the whole compiler but the printing: passes, lowering with its layouts and views,
 * constants baked in, memory plan with its reuse, kernels in f32; against the f64 interpreter of the network as it
 * was written.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { INFERENCE_PASSES, runPasses } from '../../compiler/pipeline.ts';
import { bake } from '../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { targets } from '../../compiler/targets/index.ts';
import { randomBindings } from '../support/graphs.ts';
import { maxAbs } from '../support/numbers.ts';
import { randomGraphs } from '../support/randomGraphs.ts';
import { runProgram, type Outputs } from '../support/runProgram.ts';

/**
 * Each of up to 14 layers rounds its result to f32 (6e-8) and none of them grows an error by more than its
 * values: 1e-6 of the largest number anywhere, and a factor of 4 for sums of correlated errors. Sums in f32 are off by
 * the root of their length: 16 for the longest.
 */
const TOLERANCE = { typescript: 4e-6, wasm: 6.4e-5, webgpu: 6.4e-5 };

type Run = (
  target: Target,
  graph: Parameters<typeof lower>[0],
  bindings: ReturnType<typeof randomBindings>,
) => Outputs;

const fromParameters: Run = (target, graph, bindings) => {
  const [program] = deduplicateKernels([lower(graph, target)]);
  return runProgram(program!, planMemory(program!), bindings, { target: target.name });
};

/** Folded and packed weights become constants, as in a package for inference. */
const baked: Run = (target, graph, bindings) => {
  const data = new Map(Object.entries(bindings).map(([name, numbers]) => [name, Float32Array.from(numbers)]));
  const program = bake(deduplicateKernels([lower(graph, target)])[0]!, data);
  expect(program.phases.map(({ name }) => name).filter((name) => name !== 'forward')).toEqual([]);
  return runProgram(program, planMemory(program), bindings, { target: target.name });
};

describe.each(Object.values(targets))('random networks on $name', (target) => {
  it.each([
    ['with their parameters', fromParameters],
    ['with constants baked in', baked],
  ] as const)('%s', (_name, run) => {
    fc.assert(
      fc.property(randomGraphs, (graph) => {
        const bindings = randomBindings(graph);
        const { values, outputs: expected } = evaluateGraph(graph, bindings);
        const actual = run(target, runPasses(graph, INFERENCE_PASSES), bindings);
        expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
        const allowed = TOLERANCE[target.name] * Math.max(1, ...values.map(maxAbs));
        for (const [name, numbers] of Object.entries(expected)) {
          const wrong = [...actual[name]!].filter((value, i) => !(Math.abs(value - numbers[i]!) <= allowed));
          expect(wrong, name).toEqual([]);
        }
      }),
      { numRuns: 60, seed: 21 },
    );
  });
});
