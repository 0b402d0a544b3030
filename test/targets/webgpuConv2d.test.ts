/**
 * Convolutions of the WebGPU target on shapes with all kinds of rests: rows, columns, tiles, blocks of channels; between
 * activations, with bias, residual and activation, and on a part of a larger image's channels. The interpreter checks
 * every access of every grid, Dawn's null back end validates each shader, SwiftShader runs them.
 */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { createWebgpuTarget, type WebgpuOptions } from '../../compiler/targets/webgpu/target.ts';
import { describeShape, fusedGraph, partGraph, SHAPES, type Shape } from '../support/convShapes.ts';
import { hasDriver, runningDevice, validateShader, validatingDevice } from '../support/gpu.ts';
import { gpuProgram, runOnGpu } from '../support/gpuMachine.ts';
import { randomBindings } from '../support/graphs.ts';
import { maxAbs } from '../support/numbers.ts';
import { interpretOnGrid } from '../support/gridMachine.ts';

/** In f32, sums of up to 2304 products: that many roundings of the largest number, which add up like a random walk. */
const ROUNDINGS = 64;
/** Tolerance in f64. */
const EXACT = 1e-9;

/** B, G and A amplify: Lavin and Gray measure 1e-4 for F(4x4) at this depth. */
const AMPLIFIED = 2048;

interface Checks {
  readonly roundings?: number;
  /** By the interpreter, a thousand times slower. */
  readonly interpreted?: boolean;
}

/** What the interpreter runs in a second or two. */
const MOST_PRODUCTS = 1.5e6;

async function check(
  graph: Graph,
  target: Target,
  { roundings = ROUNDINGS, interpreted = true }: Checks = {},
): Promise<void> {
  const [program] = deduplicateKernels([lower(graph, target)]);
  const convolution = program!.phases.flatMap(({ calls }) => calls).find(({ label }) => /conv2d/.test(label));
  expect(convolution!.schedule).not.toBe('loops');
  const bindings = randomBindings(graph);
  const { outputs: expected, values } = evaluateGraph(graph, bindings);
  const largest = Math.max(...values.map((numbers) => maxAbs([...numbers])));
  const compare = (actual: Readonly<Record<string, ArrayLike<number>>>, tolerance: number): void => {
    for (const [name, numbers] of Object.entries(expected)) {
      const worst = maxAbs([...numbers].map((value, i) => value - actual[name]![i]!));
      expect(worst, name).toBeLessThanOrEqual(tolerance * Math.max(1, largest));
    }
  };
  if (interpreted && convolution!.multiplyAdds < MOST_PRODUCTS)
    compare(interpretOnGrid(program!, bindings), EXACT);
  const validator = await validatingDevice();
  for (const { code } of gpuProgram(program!).shaders)
    expect(await validateShader(validator, code), code).toEqual([]);
  if (hasDriver) compare(await runOnGpu(await runningDevice(), program!, bindings), roundings * 2 ** -24);
}

const WAYS: readonly WebgpuOptions[] = [
  { family: 'blocked', precision: 'exact' },
  { family: 'tiled', precision: 'exact' },
];

describe.each(WAYS)('conv2d, $family', (options) => {
  const target = createWebgpuTarget(options);
  it.each(SHAPES.map((shape) => [describeShape(shape), shape] as const))('%s', async (_, shape) => {
    await check(fusedGraph(shape), target);
    await check(partGraph(shape), target, { interpreted: options.family === 'blocked' });
  });
});

/** Shapes with enough tiles for Winograd's algorithm: whole ones and rests of rows, columns and tiles of an invocation. */
const WIDE: readonly Shape[] = [
  { image: [1, 32, 13, 14], outputs: 32, padding: [0, 1, 2, 1] },
  { image: [2, 36, 13, 13], outputs: 32 },
];

describe.each(['blocked', 'tiled'] as const)("conv2d by Winograd's algorithm, %s", (family) => {
  const target = createWebgpuTarget({ family, precision: 'fast' });
  it.each(WIDE.map((shape) => [describeShape(shape), shape] as const))('%s', async (_, shape) => {
    for (const graph of [fusedGraph(shape), partGraph(shape)]) {
      const schedules = lower(graph, target).phases.flatMap(({ calls }) =>
        calls.map((call) => call.schedule),
      );
      expect(schedules.some((name) => name.startsWith('Winograd'))).toBe(true);
      await check(graph, target, {
        roundings: AMPLIFIED,
        interpreted: shape.image[0] === 1 && graph.outputs.length === 1,
      });
    }
  });
});

/** Whole vectors of outputs, and a rest. */
const DEEP: readonly Shape[] = [
  { image: [1, 96, 5, 4], outputs: 64 },
  { image: [2, 64, 3, 4], outputs: 18 },
];

describe('conv2d of many channels and few results', () => {
  const target = createWebgpuTarget({ family: 'tiled' });
  it.each(DEEP.map((shape) => [describeShape(shape), shape] as const))('%s', async (_, shape) => {
    for (const graph of [fusedGraph(shape), partGraph(shape)]) {
      const schedules = lower(graph, target).phases.flatMap(({ calls }) =>
        calls.map((call) => call.schedule),
      );
      expect(schedules).toContainEqual(expect.stringMatching(/channels in [2-9] parts/));
      await check(graph, target);
    }
  });
});
