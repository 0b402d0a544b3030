/**
 * No kernel of the wasm target leaves its buffers: every load and store of the printed module is compared with the range
 * of the buffer whose address it is made from, while the kernels run. Shapes and loops are constants, so one run makes
 * every address that there is, but for those that depend on numbers, which are listed here.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph, OpName } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { deduplicateKernels, distinctKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import type { Program } from '../../compiler/program/types.ts';
import { printModule } from '../../compiler/targets/wasm/assemble.ts';
import { CONV_WAYS } from '../../compiler/targets/wasm/schedules/conv2d/conv2d.ts';
import { createWasmTarget, wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { ORDER } from '../../compiler/driver/trainingGraphs.ts';
import { bindingsOf, inferenceGraph, randomNets, stepGraph } from '../property/randomNets.ts';
import { runHalves, runInference } from '../property/runNet.ts';
import { WASM, type Backend } from '../support/backends.ts';
import { describeShape, fusedGraph, partGraph, SHAPES, targetWith } from '../support/convShapes.ts';
import { functionsWithDataAddresses } from '../support/dataAddresses.ts';
import { randomBindings } from '../support/graphs.ts';
import { alone, caseOf, inside, takesTail, withTail } from '../support/opCases.ts';
import { runProgram } from '../support/runProgram.ts';

/**
 * Operations that read where an operand of labels or indices says, or (maxPoolGradient) look for the first of equal
 * maxima. They compare or clamp first.
 */
const BY_NUMBERS: readonly OpName[] = [
  'crossEntropy',
  'crossEntropyGradient',
  'crossEntropyWeight',
  'crossEntropyWeightsGradient',
  'gather',
  'maxPoolGradient',
  'maxUnpoolGradient',
];

const programOf = (graph: Graph, target: Target = wasmTarget): Program =>
  deduplicateKernels([lower(graph, target)])[0]!;

/** Throws at the first access outside of its buffer. */
function runChecked(graph: Graph, bindings: Bindings, target?: Target): void {
  const program = programOf(graph, target);
  runProgram(program, planMemory(program), bindings, { target: 'wasm', checked: true });
}

describe('the samples of', () => {
  it.each(opNames.filter((name) => !definitionOf(name).structural))('%s', (op: OpName) => {
    for (const sample of definitionOf<OpName>(op).samples) {
      for (const { graph, bindings } of [alone, inside].map((build) => caseOf(op, sample, build)))
        runChecked(graph, bindings);
      if (!takesTail(op, sample)) continue;
      const { graph, bindings } = caseOf(op, sample, withTail);
      runChecked(fuse.run(graph), bindings);
    }
  });
});

describe.each(CONV_WAYS.map((way) => [way.name, way] as const))('convolutions, %s', (_, way) => {
  it.each(SHAPES.map((shape) => [describeShape(shape), shape] as const))('%s', (_name, shape) => {
    for (const graph of [fusedGraph(shape), partGraph(shape)])
      runChecked(graph, randomBindings(graph), targetWith(way).target);
  });
});

const checkedOn = (target: Target): Backend => ({
  ...WASM,
  target,
  machine: { target: 'wasm', checked: true },
});

describe('random networks', () => {
  it('at inference', () => {
    fc.assert(
      fc.property(randomNets, (net) => {
        const graph = inferenceGraph(net);
        runInference(runPasses(graph, passesFor('inference')), checkedOn(wasmTarget), bindingsOf(graph));
      }),
      { numRuns: 40, seed: 41 },
    );
  });

  it('in a training step', () => {
    const target = createWasmTarget({ precision: 'training' });
    fc.assert(
      fc.property(randomNets, (net) => {
        const graph = stepGraph(net);
        const passes = [...passesFor('training'), ...passesFor('trainingTail', { order: ORDER })];
        runHalves(runPasses(graph, passes), checkedOn(target), bindingsOf(graph));
      }),
      { numRuns: 12, seed: 42 },
    );
  });
});

describe('addresses that depend on numbers', () => {
  const structural = (op: OpName): boolean => definitionOf(op).structural === true;

  it('are those of operations with an operand of indices, or of ties', () => {
    const found = opNames.filter(
      (op: OpName) =>
        !structural(op) &&
        definitionOf<OpName>(op).samples.some((sample) => {
          const kernels = distinctKernels([programOf(caseOf(op, sample, inside).graph)]);
          return functionsWithDataAddresses(printModule(op, kernels, { relaxed: false })).length > 0;
        }),
    );
    expect(found).toEqual(BY_NUMBERS);
  });

  it.each(BY_NUMBERS)('stay inside with invalid numbers: %s', (op) => {
    for (const sample of definitionOf<OpName>(op).samples) {
      const { graph, bindings } = caseOf(op, sample, inside);
      for (const hostile of [-1, 2 ** 31 - 1, -(2 ** 31), 1_000_003]) {
        const given = graph.nodes.flatMap((node) => {
          if (node.op !== 'input') return [];
          const { name, type } = node.attrs;
          // Of numbers: all equal, so that everything is a tie.
          const value = type.dtype === 'f32' ? 1 : hostile;
          return [[name, new Array<number>(bindings[name]!.length).fill(value)] as const];
        });
        runChecked(graph, Object.fromEntries(given));
      }
    }
  });
});
