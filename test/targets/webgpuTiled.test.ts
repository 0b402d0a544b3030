/**
 * The WebGPU target's schedules in the memory of workgroups: samples of the operations that have them and products with
 * all kinds of rests, by the interpreter, which knows no number that was not written and no barrier that only some reach,
 * and on SwiftShader, with each shader validated.
 */
import { describe, expect, it } from 'vitest';
import type { Graph, OpName } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { definitionOf } from '../../compiler/ops/index.ts';
import type { Sample } from '../../compiler/ops/types.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { createWebgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { hasDriver, runningDevice, validateShader, validatingDevice } from '../support/gpu.ts';
import { gpuProgram, runOnGpu } from '../support/gpuMachine.ts';
import { caseOf, inside, withTail } from '../support/opCases.ts';
import type { Outputs } from '../support/runProgram.ts';
import { check, ROUNDING, SMALLEST, type Runner } from './sampleChecks.ts';
import { interpretOnGrid } from '../support/gridMachine.ts';

const target = createWebgpuTarget({ family: 'tiled' });
const f32 = (...shape: number[]) => ({ dtype: 'f32' as const, shape });

async function run(graph: Graph, bindings: Bindings): Promise<Outputs> {
  const [program] = deduplicateKernels([lower(graph, target)]);
  const validator = await validatingDevice();
  for (const { code } of gpuProgram(program!).shaders)
    expect(await validateShader(validator, code), code).toEqual([]);
  const exact = interpretOnGrid(program!, bindings);
  if (!hasDriver)
    return Object.fromEntries(Object.entries(exact).map(([name, v]) => [name, Float32Array.from(v)]));
  const outputs = await runOnGpu(await runningDevice(), program!, bindings);
  for (const [name, numbers] of Object.entries(outputs))
    [...numbers].forEach((value, i) => expect(Math.abs(value - exact[name]![i]!)).toBeLessThan(1e-3));
  return outputs;
}

const runner: Runner = {
  name: 'tiled',
  run,
  tolerance: (expected, { magnitude, terms }) =>
    (terms + 64) * ROUNDING * Math.max(magnitude, Math.abs(expected)) + SMALLEST,
};

const OPS: readonly OpName[] = ['conv2d', 'conv2dInputGradient', 'convTranspose2d', 'linear', 'matmul'];

describe.each(OPS)('samples of %s', (op) => {
  it.each(definitionOf<OpName>(op).samples.map((sample) => [sample.name, sample] as const))(
    '%s',
    async (_, sample) => {
      await check(runner, caseOf(op, sample, inside));
      const { graph, bindings } = caseOf(op, sample, withTail);
      await check(runner, { graph: fuse.run(graph), bindings }, graph);
    },
  );
});

const PRODUCTS: readonly (readonly [x: readonly number[], weight: readonly number[]])[] = [
  [
    [33, 20],
    [37, 20],
  ],
  [
    [2, 17, 12],
    [66, 12],
  ],
  [
    [64, 32],
    [64, 32],
  ],
  [
    [1, 300],
    [10, 300],
  ],
  [
    [6, 512],
    [9, 512],
  ],
  [[256], [7, 256]],
];

describe('products', () => {
  it.each(PRODUCTS)('%j by %j', async (x, weight) => {
    const inputs = [f32(...x), f32(...weight), f32(weight[0]!)];
    const sample: Sample<'linear'> = { name: `${x} by ${weight}`, inputs, attrs: {} };
    const { graph, bindings } = caseOf('linear', sample, inside);
    const calls = lower(graph, target).phases.flatMap((phase) => phase.calls);
    expect(calls.some(({ schedule }) => /in a workgroup|invocations/.test(schedule))).toBe(true);
    await check(runner, { graph, bindings });
  });
});

type Matrices = readonly [
  a: readonly number[],
  b: readonly number[],
  transposeA: boolean,
  transposeB: boolean,
];

const MATRICES: readonly Matrices[] = [
  [[33, 20], [20, 37], false, false],
  [[20, 33], [20, 37], true, false],
  [[17, 24], [66, 24], false, true],
  [[2, 17, 8], [8, 12], false, false],
  [[3, 17, 8], [3, 8, 12], false, false],
  [[2, 2, 12, 19], [2, 2, 21, 12], true, true],
];

describe('matrices', () => {
  it.each(MATRICES)('%j by %j, transposed: %j, %j', async (a, b, transposeA, transposeB) => {
    const attrs = { transposeA, transposeB };
    const sample: Sample<'matmul'> = { name: `${a} by ${b}`, inputs: [f32(...a), f32(...b)], attrs };
    const { graph, bindings } = caseOf('matmul', sample, inside);
    const calls = lower(graph, target).phases.flatMap((phase) => phase.calls);
    expect(calls.some(({ schedule }) => schedule.includes('in a workgroup'))).toBe(true);
    await check(runner, { graph, bindings });
  });
});

const schedulesOf = (graph: Graph): string[] =>
  lower(graph, target).phases.flatMap((phase) => phase.calls.map(({ schedule }) => schedule));

interface Strided {
  readonly kernel: number;
  readonly padding: number;
}

// Elements of the kernel for every rest that a position leaves with the stride, and for one of four only.
const STRIDED: readonly Strided[] = [
  { kernel: 3, padding: 1 },
  { kernel: 1, padding: 0 },
];

describe('gradients of inputs with a stride', () => {
  it.each(STRIDED)('$kernel x $kernel', async ({ kernel, padding }) => {
    const attrs = {
      ...{ stride: [2, 2], padding: [padding, padding, padding, padding], dilation: [1, 1], groups: 1 },
      inputShape: [2, 12, 9, 9],
    };
    const inputs = [f32(2, 8, 5, 5), f32(8, 12, kernel, kernel)];
    const sample = { name: `${kernel}`, inputs, attrs } as unknown as Sample<OpName>;
    const { graph, bindings } = caseOf('conv2dInputGradient', sample, inside);
    expect(schedulesOf(graph)).toContainEqual(expect.stringContaining('in a workgroup'));
    await check(runner, { graph, bindings });
  });
});
