/**
 * Every operation's samples on every target, through the whole back end: lowering, deduplication, memory plan
 * and the target's own kernels, against the f64 interpreter. An operation is tested by being in the registry, a
 * target by its line in `RUNNERS`.
 */
import { describe, expect, it } from 'vitest';
import { sizeOf, type Graph, type OpName, type ValueId } from '../../compiler/ir/types.ts';
import { verifyGraph } from '../../compiler/ir/verifier.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import { nodeCost } from '../../compiler/ops/cost.ts';
import { evaluateGraph, type Bindings } from '../../compiler/ops/evaluate.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { infer } from '../../compiler/ops/infer.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { maxAbs } from '../support/numbers.ts';
import { alone, caseOf, inside, takesTail, withTail, type Case } from '../support/opCases.ts';
import { runProgram, type Outputs } from '../support/runProgram.ts';

interface Runner {
  readonly name: string;
  run(graph: Graph, bindings: Bindings): Outputs;
  /** How far a result may be from `expected`. */
  tolerance(expected: number, scale: Scale): number;
}

interface Scale {
  /** The largest of all results. */
  readonly largest: number;
  /** The largest of all operands and results, at least 1. */
  readonly magnitude: number;
  /** Multiply-adds that make one result. */
  readonly terms: number;
}

/** Half a unit in the last place of an f32 with 24 bits, and of the smallest one. */
const ROUNDING = 2 ** -24;
const SMALLEST = 2 ** -150;

/**
 * Sums of a few thousand products below 1 in doubles, in another order: n * 2^-53 of the sum of all magnitudes,
 * some 1e-10 at most.
 */
const REORDERING = 2 ** -32;

const RUNNERS: readonly Runner[] = [
  {
    name: 'typescript',
    run(graph, bindings) {
      const [program] = deduplicateKernels([lower(graph, typescriptTarget)]);
      return runProgram(program!, planMemory(program!), bindings);
    },
    // Doubles everywhere; what is stored is rounded once. Nothing that is stored here is computed with again
    // but by copies and by `neg`, which are exact.
    tolerance: (expected, { largest }) =>
      Math.abs(expected) * ROUNDING + SMALLEST + Math.max(1, largest) * REORDERING,
  },
  ...[false, true].map((relaxed): Runner => ({
    name: relaxed ? 'wasm, relaxed SIMD' : 'wasm',
    run(graph, bindings) {
      const [program] = deduplicateKernels([lower(graph, wasmTarget)]);
      return runProgram(program!, planMemory(program!), bindings, { target: 'wasm', relaxed });
    },
    // f32 everywhere. A sum of n products is off by n roundings of its largest partial sum at most (Higham, Accuracy
    // and Stability, 3.1); those of samples are of the size of their operands. Our own exp, log, tanh and division
    // chains: some ten roundings.
    tolerance: (expected, { magnitude, terms }) =>
      (terms + 16) * ROUNDING * Math.max(magnitude, Math.abs(expected)) + SMALLEST,
  })),
];

function check(runner: Runner, { graph, bindings }: Case, oracle: Graph = graph): void {
  const expected = evaluateGraph(oracle, bindings).outputs['result']!;
  const actual = runner.run(graph, bindings)['result']!;
  const { dtype, shape } = graph.nodes[graph.outputs[0]!.value]!.type;
  expect(actual.length).toBe(sizeOf(shape));
  if (dtype !== 'f32') {
    expect([...actual]).toEqual([...expected]);
    return;
  }
  const scale = scaleOf(oracle, bindings, [...expected]);
  const wrong = [...actual].flatMap((value, i) => {
    const wanted = expected[i]!;
    const isClose = Object.is(value, wanted) || Math.abs(value - wanted) <= runner.tolerance(wanted, scale);
    return isClose ? [] : [`[${i}] ${value}, expected ${wanted}`];
  });
  expect(wrong.slice(0, 5)).toEqual([]);
}

function scaleOf(graph: Graph, bindings: Bindings, expected: readonly number[]): Scale {
  const largest = maxAbs(expected.filter(Number.isFinite));
  const operands = Object.values(bindings).map((numbers) =>
    maxAbs([...(numbers as Float32Array)].filter(Number.isFinite)),
  );
  const work = graph.nodes.reduce((sum, node) => {
    const types = node.inputs.map((input: ValueId) => graph.nodes[input]!.type);
    return sum + (definitionOf(node.op).structural ? 0 : nodeCost(node, types).multiplyAdds);
  }, 0);
  return {
    largest,
    magnitude: Math.max(1, largest, ...operands),
    terms: work / Math.max(1, expected.length),
  };
}

/** One kernel for the operation and its tail, or the fuse pass saw a reason against it. */
function isFused(graph: Graph): boolean {
  const bodies = graph.nodes.flatMap((node) => (node.op === 'fusion' ? [node.attrs.body.nodes.length] : []));
  return bodies.length === 1 && graph.nodes.every(({ op }) => op === 'input' || op === 'fusion');
}

for (const runner of RUNNERS) {
  describe(runner.name, () => {
    for (const op of opNames.filter((name) => !definitionOf(name).structural)) {
      describe(op, () => {
        for (const sample of definitionOf<OpName>(op).samples) {
          it(sample.name, () => check(runner, caseOf(op, sample, alone)));
          it(`${sample.name}, inside`, () => check(runner, caseOf(op, sample, inside)));
          if (!takesTail(op, sample)) continue;
          it(`${sample.name}, + residual + relu`, () => {
            const { graph, bindings } = caseOf(op, sample, withTail);
            const fused = verifyGraph(fuse.run(graph), infer, 'fuse');
            // A concatenation stays by itself: its operands are computed in their places.
            expect(isFused(fused)).toBe(op !== 'concat');
            check(runner, { graph: fused, bindings }, graph);
          });
        }
      });
    }
  });
}
