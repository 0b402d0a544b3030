/**
 * Tests on SwiftShader: random kernels of independent loops do what the interpreter does, functions keep their values far out,
 * and helpers their accuracy where WGSL promises none.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f32, type Attrs, type OpName } from '../../../compiler/ir/types.ts';
import { interpretKernel } from '../../../compiler/kernel/interpreter.ts';
import { rowMajor } from '../../../compiler/kernel/layout.ts';
import type { Kernel } from '../../../compiler/kernel/types.ts';
import { createKernelPasses } from '../../../compiler/lowering/kernelPasses.ts';
import { lower } from '../../../compiler/lowering/lower.ts';
import type { Target } from '../../../compiler/lowering/target.ts';
import { evaluateGraph } from '../../../compiler/ops/evaluate.ts';
import { graphBuilder } from '../../../compiler/ops/infer.ts';
import type { Program } from '../../../compiler/program/types.ts';
import { createWebgpuTarget } from '../../../compiler/targets/webgpu/target.ts';
import { describeOnGpu, runningDevice } from '../../support/gpu.ts';
import { runOnGpu, webgpuTarget } from '../../support/gpuMachine.ts';
import { describeDifferences, maxRelativeError } from '../../support/numbers.ts';
import { randomGridKernels } from '../../support/randomGrids.ts';
import { randomReductions } from '../../support/randomReductions.ts';

/** One call, from `x` to `out`, after the kernel passes of the target. */
function programOf(kernel: Kernel, target: Target): Program {
  const buffers = kernel.buffers.map(({ name, element, length }, id) => ({
    ...{ id, name, element, length, publicName: name, layout: rowMajor([length]), origin: { path: '' } },
    role: name === 'x' ? ('input' as const) : ('output' as const),
  }));
  const call = {
    ...{ kernel, args: [0, 1], mayOverwrite: [], origin: { path: '' }, label: kernel.name },
    ...{ result: '', schedule: 'loops', multiplyAdds: 0, bytes: 0 },
  };
  const site = { isPlainLoops: true, isPreparation: false };
  const passed = createKernelPasses(target.kernelPasses).run(call, site);
  return { name: 'random', buffers, phases: [{ name: 'forward', calls: [passed] }] };
}

/** Without loops that a workgroup shares, and with them. */
const [BLOCKED, TILED] = [createWebgpuTarget({ family: 'blocked' }), createWebgpuTarget({ family: 'tiled' })];

/** A few products and sums, one after the other, which read each other's results. */
const KERNEL_TOLERANCE = 1e-5;
/** Sums of some hundred numbers, and of such sums. */
const SUM_TOLERANCE = 1e-4;

describeOnGpu('on SwiftShader', () => {
  it('random kernels compute what the interpreter does, and nothing elsewhere', async () => {
    const gpu = await runningDevice();
    await fc.assert(
      fc.asyncProperty(randomGridKernels, async (kernel) => {
        const x = Float32Array.from({ length: kernel.buffers[0]!.length }, (_, i) => Math.sin(i));
        const expected = new Float64Array(kernel.buffers[1]!.length).fill(NaN);
        interpretKernel(kernel, [x, expected]);
        const { out } = await runOnGpu(gpu, programOf(kernel, BLOCKED), { x }, { checked: true });
        // What an untaken branch has not stored is poison here and NaN there.
        expect(
          maxRelativeError(out!, expected),
          describeDifferences(out!, expected, KERNEL_TOLERANCE),
        ).toBeLessThanOrEqual(KERNEL_TOLERANCE);
      }),
      { numRuns: 60, seed: 73 },
    );
  });

  it.each([false, true])('random reductions do, with subgroups: %s', async (withSubgroups) => {
    const gpu = await runningDevice();
    await fc.assert(
      fc.asyncProperty(randomReductions, async (kernel) => {
        const x = Float32Array.from({ length: kernel.buffers[0]!.length }, (_, i) => Math.sin(i * i));
        const expected = new Float64Array(kernel.buffers[1]!.length).fill(NaN);
        interpretKernel(kernel, [x, expected]);
        const { out } = await runOnGpu(gpu, programOf(kernel, TILED), { x }, { withSubgroups });
        expect(
          maxRelativeError(out!, expected),
          describeDifferences(out!, expected, SUM_TOLERANCE),
        ).toBeLessThanOrEqual(SUM_TOLERANCE);
      }),
      { numRuns: 25, seed: 73 },
    );
  });

  /** The graph's and the interpreter's values of one operation. */
  async function values(op: OpName, attrs: Attrs[OpName], x: readonly number[]) {
    const g = graphBuilder(op);
    const operand = g.node('input', [], { name: 'x', type: f32(x.length) });
    const graph = g.finish([{ name: 'y', value: g.node(op, [operand], attrs) }]);
    const found = (await runOnGpu(await runningDevice(), lower(graph, webgpuTarget), { x }))['y']!;
    return { found: [...found], expected: [...evaluateGraph(graph, { x }).outputs['y']!] };
  }

  describe('far out', () => {
    const FAR = [-3e38, -1e4, -800, -90, -20, 20, 90, 800, 1e4, 3e38];

    it.each<[OpName, Attrs[OpName]]>([
      ['sigmoid', {}],
      ['tanh', {}],
      ['softplus', { beta: 1 }],
      ['relu', {}],
      ['clip', { low: -1, high: 6 }],
      ['elu', { alpha: 2 }],
      ['celu', { alpha: 2 }],
      ['hardSwish', {}],
      ['silu', {}],
      ['mish', {}],
      ['gelu', { approximation: 'none' }],
      ['erf', {}],
    ])('%s is finite and near', async (op, attrs) => {
      // Cubes and squares of what is near the largest number are none.
      const x = op === 'erf' || op === 'gelu' ? FAR.filter((one) => Math.abs(one) < 1e5) : FAR.slice(1, -1);
      const { found, expected } = await values(op, attrs, x);
      for (const [i, value] of found.entries())
        expect(Math.abs(value - expected[i]!), `${op}(${x[i]})`).toBeLessThanOrEqual(
          1e-5 * Math.max(1e-3, Math.abs(expected[i]!)),
        );
    });

    it('softmax of scores far apart is', async () => {
      const x = [-1e30, -800, 0, 800, 799];
      const { found, expected } = await values('softmax', { axis: 0 }, x);
      expect(maxRelativeError(found, expected)).toBeLessThan(1e-5);
    });
  });

  it.each<[OpName, readonly number[], readonly number[]]>([
    ['relu', [Infinity, -Infinity], [Infinity, 0]],
    ['exp', [Infinity, -Infinity, 89], [Infinity, 0, Infinity]],
    ['sigmoid', [Infinity, -Infinity], [1, 0]],
    ['tanh', [Infinity, -Infinity], [1, -1]],
    ['neg', [Infinity, NaN], [-Infinity, NaN]],
  ])('%s of %j is %j, though WGSL promises none of it', async (op, x, y) => {
    expect((await values(op, {}, x)).found.map((value) => value + 0)).toEqual(y);
  });

  const softplus = (x: number): number => Math.log1p(Math.exp(x));

  it.each<[OpName, Attrs[OpName], number, (x: number) => number]>([
    ['tanh', {}, 1, Math.tanh],
    ['softplus', { beta: 1 }, -30, softplus],
    ['mish', {}, -30, (x) => x * Math.tanh(softplus(x))],
  ])('%s %j keeps its digits from %d on, where its values are small', async (op, attrs, from, exact) => {
    const x = Array.from({ length: 200 }, (_, i) => Math.fround(from < 0 ? from + i / 10 : 10 ** (-i / 10)));
    const { found } = await values(op, attrs, x);
    const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value / exact(x[i]!) - 1)), 0);
    // Of 16 units in exp, twice.
    expect(worst).toBeLessThan(5e-6);
  });

  it.each<[OpName, number, number, number]>([
    // Our own: within two units in the last place of 1.
    ['sin', -100, 100, 2.5e-7],
    ['cos', -100, 100, 2.5e-7],
    // By exp, or a polynomial.
    ['tanh', -4, 4, 5e-7],
    // 16 units in the last place.
    ['exp', -4, 0, 1e-6],
    // 2^-21 near 1, which WGSL promises.
    ['log', 0.5, 2, 2 ** -21],
  ])('%s is near from %d to %d', async (op, low, high, allowed) => {
    const x = Array.from({ length: 2001 }, (_, i) => Math.fround(low + ((high - low) * i) / 2000));
    const { found, expected } = await values(op, {}, x);
    const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(allowed);
  });
});
