/**
 * Every operation's samples on a target, through the whole back end: lowering, deduplication, memory plan and the target's
 * own kernels, against the f64 interpreter. An operation is tested by being in the registry.
 */
import { describe, expect, it } from 'vitest';
import { sizeOf, type Graph, type OpName, type ValueId } from '../../compiler/ir/types.ts';
import { verifyGraph } from '../../compiler/ir/verifier.ts';
import { nodeCost } from '../../compiler/ops/cost.ts';
import { evaluateGraph, type Bindings } from '../../compiler/ops/evaluate.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { infer } from '../../compiler/ops/infer.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { maxAbs } from '../support/numbers.ts';
import { alone, caseOf, inside, takesTail, withTail, type Case } from '../support/opCases.ts';
import type { Outputs } from '../support/runProgram.ts';

export interface Runner {
  readonly name: string;
  run(graph: Graph, bindings: Bindings): Outputs | Promise<Outputs>;
  /** How far a result may be from `expected`. */
  tolerance(expected: number, scale: Scale): number;
}

export interface Scale {
  /** The largest of all results. */
  readonly largest: number;
  /** The largest of all operands and results, at least 1. */
  readonly magnitude: number;
  /** Multiply-adds that make one result. */
  readonly terms: number;
}

/** Half a unit in the last place of an f32 with 24 bits, and of the smallest one. */
export const ROUNDING = 2 ** -24;
export const SMALLEST = 2 ** -150;

export async function check(runner: Runner, { graph, bindings }: Case, oracle: Graph = graph): Promise<void> {
  const expected = evaluateGraph(oracle, bindings).outputs['result']!;
  const actual = (await runner.run(graph, bindings))['result']!;
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

export const sampledOps = opNames.filter((name) => !definitionOf(name).structural);

export function describeSamples(runner: Runner, ops: readonly OpName[] = sampledOps): void {
  describe(runner.name, () => {
    for (const op of ops) {
      describe(op, () => {
        for (const sample of definitionOf<OpName>(op).samples) {
          it(sample.name, () => check(runner, caseOf(op, sample, alone)));
          it(`${sample.name}, inside`, () => check(runner, caseOf(op, sample, inside)));
          if (!takesTail(op, sample)) continue;
          it(`${sample.name}, + residual + relu`, async () => {
            const { graph, bindings } = caseOf(op, sample, withTail);
            const fused = verifyGraph(fuse.run(graph), infer, 'fuse');
            // A concatenation stays by itself: its operands are computed in their places.
            expect(isFused(fused)).toBe(op !== 'concat');
            await check(runner, { graph: fused, bindings }, graph);
          });
        }
      });
    }
  });
}
