/**
 * Every plan of Winograd's algorithm on the wasm target: blocks of rows, images and channels of all sizes, filters
 * transformed in advance and by the kernel. Programs run with and without relaxed SIMD.
 */
import { describe, expect, it } from 'vitest';
import { lower } from '../../compiler/lowering/lower.ts';
import { placedConvolution } from '../../compiler/lowering/shared/convolution.ts';
import { F2, F4, type Winograd } from '../../compiler/lowering/shared/winograd.ts';
import type { ScheduleRule } from '../../compiler/lowering/target.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import {
  planCost,
  planWinograd,
  winogradPlans,
  type WinogradPlan,
} from '../../compiler/targets/wasm/schedules/conv2d/winograd/plan.ts';
import { scheduleOf } from '../../compiler/targets/wasm/schedules/conv2d/winograd/schedule.ts';
import { wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { describeShape, fusedGraph, type Shape } from '../support/convShapes.ts';
import { randomBindings } from '../support/graphs.ts';
import { maxAbs } from '../support/numbers.ts';
import { runProgram } from '../support/runProgram.ts';

/** In roundings of f32 of the largest number, as for all convolutions by these algorithms. */
const ALLOWED = { 2: 256, 4: 2048 } as const;

const SHAPES: readonly Shape[] = [
  { image: [2, 16, 14, 13], outputs: 20 },
  { image: [4, 8, 4, 5], outputs: 16 },
];

type Choose = (plans: readonly WinogradPlan[]) => WinogradPlan;

/** A target whose convolutions have the chosen plan. */
function targetWith(winograd: Winograd, isTraining: boolean, choose: Choose) {
  const conv2d: ScheduleRule<'conv2d'> = (request) =>
    scheduleOf(request, choose(winogradPlans(placedConvolution(request), winograd, isTraining)));
  return { ...wasmTarget, schedules: { ...wasmTarget.schedules, conv2d } };
}

function plansOf(shape: Shape, winograd: Winograd, isTraining: boolean): readonly WinogradPlan[] {
  let found: readonly WinogradPlan[] = [];
  const target = targetWith(winograd, isTraining, (plans) => {
    found = plans;
    return plans[0]!;
  });
  lower(fusedGraph(shape), target);
  return found;
}

function check(shape: Shape, winograd: Winograd, isTraining: boolean, choose: Choose): void {
  const graph = fusedGraph(shape);
  const [program] = deduplicateKernels([lower(graph, targetWith(winograd, isTraining, choose))]);
  const bindings = randomBindings(graph);
  const { outputs: expected, values } = evaluateGraph(graph, bindings);
  const allowed = ALLOWED[winograd.outputs] * 2 ** -24 * Math.max(1, ...values.map(maxAbs));
  for (const relaxed of [false, true]) {
    const actual = runProgram(program!, planMemory(program!), bindings, { target: 'wasm', relaxed });
    for (const [name, numbers] of Object.entries(expected)) {
      const errors = numbers.map((value, i) => Math.abs(actual[name]![i]! - value));
      expect(Math.max(...errors), `${name}, relaxed: ${relaxed}`).toBeLessThanOrEqual(allowed);
    }
  }
}

describe.each([
  ['F(2x2, 3x3)', F2],
  ['F(4x4, 3x3)', F4],
] as const)('%s', (_, winograd) => {
  describe.each(SHAPES.map((shape) => [describeShape(shape), shape] as const))('%s', (__, shape) => {
    it.each([
      ['inference', false],
      ['training', true],
    ] as const)('all plans of %s', (___, isTraining) => {
      const plans = plansOf(shape, winograd, isTraining);
      expect(new Set(plans.map(({ areStored }) => areStored))).toEqual(new Set([!isTraining]));
      expect(plans.some((plan) => plan.blockChannels < plan.geometry.channels)).toBe(true);
      expect(plans.some((plan) => plan.blockImages > 1)).toBe(isTraining);
      plans.forEach((_plan, i) => check(shape, winograd, isTraining, (all) => all[i]!));
    });
  });
});

describe('the chosen plan', () => {
  const convolution = (channels: number, size: number, outputs: number) =>
    placedOf({ image: [1, channels, size, size], outputs });

  it('is the one with the least estimated time', () => {
    const geometry = convolution(64, 56, 64);
    const best = planWinograd(geometry, F4)!;
    for (const plan of winogradPlans(geometry, F4, false))
      expect(planCost(plan)).toBeGreaterThanOrEqual(planCost(best));
  });

  it('stores only filters that stay in the second-level cache', () => {
    expect(planWinograd(convolution(64, 56, 64), F4)!.areStored).toBe(true);
    expect(planWinograd(convolution(512, 7, 512), F4)!.areStored).toBe(false);
    expect(planWinograd(convolution(64, 56, 64), F4, true)!.areStored).toBe(false);
  });

  it('keeps tiles, filters and sums in the second-level cache', () => {
    const { workspaces } = planWinograd(convolution(512, 28, 512), F4)!;
    const lengths = new Map(workspaces.map(({ name, length }) => [name, 4 * length]));
    expect(lengths.get('tiles')).toBeLessThan(4 * 1024 * 1024);
    expect(lengths.get('filters')).toBeLessThan(1024 * 1024);
  });
});

function placedOf(shape: Shape) {
  let placed: ReturnType<typeof placedConvolution> | undefined;
  const conv2d: ScheduleRule<'conv2d'> = (request) => {
    placed = placedConvolution(request);
    return wasmTarget.schedules.conv2d!(request);
  };
  lower(fusedGraph(shape), { ...wasmTarget, schedules: { ...wasmTarget.schedules, conv2d } });
  return placed!;
}
