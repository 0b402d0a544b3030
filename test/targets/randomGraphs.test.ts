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
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { bake } from '../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import type { Program } from '../../compiler/program/types.ts';
import { targets } from '../../compiler/targets/index.ts';
import { webgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { runOnGpu } from '../support/gpuMachine.ts';
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

type Make = (
  target: Target,
  graph: Parameters<typeof lower>[0],
  bindings: ReturnType<typeof randomBindings>,
) => Program;

const fromParameters: Make = (target, graph) => deduplicateKernels([lower(graph, target)])[0]!;

/** Folded and packed weights become constants, as in a package for inference. */
const baked: Make = (target, graph, bindings) => {
  const data = new Map(Object.entries(bindings).map(([name, numbers]) => [name, Float32Array.from(numbers)]));
  const program = bake(deduplicateKernels([lower(graph, target)])[0]!, data);
  expect(program.phases.map(({ name }) => name).filter((name) => name !== 'forward')).toEqual([]);
  return program;
};

async function run(
  target: Target,
  program: Program,
  bindings: ReturnType<typeof randomBindings>,
): Promise<Outputs> {
  if (target.name === 'webgpu') return runOnGpu(await runningDevice(), program, bindings);
  return runProgram(program, planMemory(program), bindings, { target: target.name });
}

describe.each(Object.values(targets).filter(({ name }) => name !== 'webgpu'))('on $name', (target) =>
  describeRandom(target),
);

describeOnGpu('on webgpu', () => describeRandom(webgpuTarget));

function describeRandom(target: Target): void {
  it.each([
    ['with their parameters', fromParameters],
    ['with constants baked in', baked],
  ] as const)('random networks %s', async (_name, make) => {
    await fc.assert(
      fc.asyncProperty(randomGraphs, async (graph) => {
        const bindings = randomBindings(graph);
        const { values, outputs: expected } = evaluateGraph(graph, bindings);
        const actual = await run(
          target,
          make(target, runPasses(graph, passesFor('inference')), bindings),
          bindings,
        );
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
}
