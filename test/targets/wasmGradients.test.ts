/** Convolution gradients of the wasm target that are too large for samples: several strips of rows, rests of them. */
import { describe, expect, it } from 'vitest';
import type { Graph, ValueId } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { graphBuilder } from '../../compiler/ops/infer.ts';
import { noPadding, type Padding, type Pair } from '../../compiler/ops/shared/window.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { createWasmTarget, wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { maxAbs, seedOf } from '../support/numbers.ts';
import { runProgram } from '../support/runProgram.ts';
import { sampleArray } from '../support/samples.ts';

interface Shape {
  readonly x: readonly [number, number, number, number];
  readonly weight: readonly [number, number, number, number];
  readonly gradient: readonly [number, number];
  readonly stride?: Pair;
  readonly padding?: Padding;
  readonly groups?: number;
}

const f32 = (shape: readonly number[]) => ({ dtype: 'f32' as const, shape });

/** Inputs go through `neg`, so that they lie as the target likes them. */
function gradientGraph(op: 'conv2dInputGradient' | 'conv2dWeightGradient', shape: Shape): Graph {
  const { stride = [1, 1], padding = noPadding, groups = 1 } = shape;
  const attrs = { stride, padding, groups, dilation: [1, 1] as const };
  const g = graphBuilder(op);
  const operand = (name: string, of: readonly number[]): ValueId =>
    g.node('neg', [g.node('input', [], { name, type: f32(of) })]);
  const gradient = operand('gradient', [shape.x[0], shape.weight[0], ...shape.gradient]);
  const result =
    op === 'conv2dInputGradient'
      ? g.node(op, [gradient, operand('weight', shape.weight)], { ...attrs, inputShape: shape.x })
      : g.node(op, [operand('x', shape.x), gradient], { ...attrs, weightShape: shape.weight });
  return g.finish([{ name: 'result', value: result }]);
}

type Numbers = Readonly<Record<string, ArrayLike<number>>>;

const interpreted = (graph: Graph, numbers: Numbers): ArrayLike<number> =>
  evaluateGraph(graph, numbers).outputs['result']!;

function run(
  graph: Graph,
  numbers: Numbers,
  target: Target,
  schedule: RegExp,
  relaxed = false,
): ArrayLike<number> {
  const program = deduplicateKernels([lower(graph, target)])[0]!;
  const schedules = program.phases.flatMap(({ calls }) => calls.map((call) => call.schedule));
  expect(schedules.join('; ')).toMatch(schedule);
  return runProgram(program, planMemory(program), numbers, { target: 'wasm', relaxed })['result']!;
}

function check(graph: Graph, schedule: RegExp, oracle = interpreted): void {
  const numbers = Object.fromEntries(
    graph.nodes.flatMap((node) =>
      node.op === 'input' ? [[node.attrs.name, sampleArray(node.type, seedOf(node.attrs.name))]] : [],
    ),
  );
  const expected = [...(oracle(graph, numbers) as Float32Array)];
  for (const relaxed of [false, true]) {
    const actual = run(graph, numbers, wasmTarget, schedule, relaxed);
    const worst = maxAbs(expected.map((value, i) => value - actual[i]!));
    expect(worst, relaxed ? 'relaxed SIMD' : 'plain').toBeLessThan(
      1e-6 * maxAbs(expected) * Math.sqrt(expected.length),
    );
  }
}

/** The ways without Winograd's algorithm are held to the interpreter by other tests, and quicker. */
const exactly =
  (schedule: RegExp): typeof interpreted =>
  (graph, numbers) =>
    run(graph, numbers, createWasmTarget({ precision: 'exact' }), schedule);

/** The TypeScript target's kernels, which are quicker than the interpreter. */
const inJavaScript: typeof interpreted = (graph, numbers) => {
  const program = deduplicateKernels([lower(graph, typescriptTarget)])[0]!;
  return runProgram(program, planMemory(program), numbers)['result']!;
};

describe('input gradient', () => {
  it('strips of rows, the last one smaller', () => {
    const shape: Shape = { x: [1, 5, 29, 27], weight: [64, 5, 2, 1], gradient: [28, 27] };
    check(gradientGraph('conv2dInputGradient', shape), /direct, .* 15 rows, padded strips/);
  });
  it('strips of phases of different heights', () => {
    const shape: Shape = {
      ...{ x: [1, 4, 53, 51], weight: [64, 4, 1, 2], gradient: [27, 25], stride: [2, 2] as const },
    };
    check(gradientGraph('conv2dInputGradient', shape), /of one phase .* 14 rows, padded strips/);
  });
  it('filters that are too large for the cache, in larger strips', () => {
    const shape: Shape = {
      ...{ x: [1, 300, 9, 9], weight: [500, 300, 2, 2], gradient: [9, 9], padding: [1, 0, 0, 1] as const },
    };
    const way = /direct, 4 pixels x 8 channels, 9 rows/;
    check(gradientGraph('conv2dInputGradient', shape), way, inJavaScript);
  });
  it('by Winograd, padded unevenly, tiles beyond the image', () => {
    const shape: Shape = {
      ...{ x: [4, 64, 9, 11], weight: [36, 64, 3, 3], gradient: [9, 10], padding: [1, 0, 1, 1] as const },
    };
    check(gradientGraph('conv2dInputGradient', shape), /Winograd F\(2x2, 3x3\)/, exactly(/direct/));
  });
  it('depthwise in strips', () => {
    const shape: Shape = {
      ...{ x: [1, 64, 29, 27], weight: [64, 1, 2, 1], gradient: [28, 27] as const, groups: 64 },
    };
    check(gradientGraph('conv2dInputGradient', shape), /depthwise, .* 15 rows/);
  });
});

describe('weight gradient', () => {
  it('strips of rows, the last one smaller', () => {
    const shape: Shape = { x: [2, 8, 49, 25], weight: [5, 8, 1, 2], gradient: [49, 24] };
    check(gradientGraph('conv2dWeightGradient', shape), /blocked, .* 25 rows/);
  });
  it('several images at a time', () => {
    const shape: Shape = {
      ...{ x: [6, 15, 13, 13], weight: [6, 15, 3, 3], gradient: [13, 13], padding: [1, 1, 1, 1] as const },
    };
    check(gradientGraph('conv2dWeightGradient', shape), /blocked, .* 3 images/);
  });
  it('by Winograd, padded unevenly, the last block smaller, tiles beyond the image', () => {
    const shape: Shape = {
      ...{ x: [2, 12, 37, 42], weight: [8, 12, 3, 3], gradient: [37, 41], padding: [1, 0, 1, 1] as const },
    };
    const way = /Winograd F\(3x3, 2x2\), 4 x 8 channels, 5 x 21 tiles at a time/;
    check(gradientGraph('conv2dWeightGradient', shape), way);
  });
  it('by Winograd, several images at a time', () => {
    const shape: Shape = { x: [12, 8, 11, 12], weight: [16, 8, 3, 3], gradient: [9, 10] };
    const way = /Winograd F\(3x3, 2x2\), .* 5 x 5 tiles of 4 images at a time/;
    check(gradientGraph('conv2dWeightGradient', shape), way);
  });
  it('by Winograd, all tiles in one block, channels in chunks', () => {
    const shape: Shape = {
      ...{ x: [3, 136, 6, 4], weight: [256, 136, 3, 3], gradient: [6, 4], padding: [1, 1, 1, 1] as const },
    };
    const way = /Winograd F\(3x3, 2x2\), .* 3 x 2 tiles of 3 images at a time/;
    check(gradientGraph('conv2dWeightGradient', shape), way, exactly(/blocked/));
  });
  it('few channels, a kernel of many elements, stride 2', () => {
    const shape: Shape = {
      ...{ x: [2, 3, 20, 21], weight: [10, 3, 7, 7], gradient: [10, 11] as const },
      ...{ stride: [2, 2], padding: [3, 3, 3, 3] as const },
    };
    check(gradientGraph('conv2dWeightGradient', shape), /few channels/);
  });
  it('depthwise in strips', () => {
    const shape: Shape = {
      ...{ x: [2, 68, 29, 27], weight: [68, 1, 2, 1], gradient: [28, 27] as const, groups: 68 },
    };
    check(gradientGraph('conv2dWeightGradient', shape), /depthwise, 14 rows/);
  });
});
