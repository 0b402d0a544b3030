/**
 * Reductions over workgroups in WGSL, as a tree and by subgroups: for any number of invocations, one after the other, and
 * the same bits in every run.
 */
import { describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../../compiler/kernel/builder.ts';
import { add, eq, mul, sub, vector } from '../../../compiler/kernel/expression.ts';
import { INVOCATION, WORKGROUP } from '../../../compiler/kernel/grid.ts';
import { interpretKernel } from '../../../compiler/kernel/interpreter.ts';
import { rowMajor } from '../../../compiler/kernel/layout.ts';
import type { Expr, Kernel, ReduceOp } from '../../../compiler/kernel/types.ts';
import { verifyKernel } from '../../../compiler/kernel/verifier.ts';
import type { Program } from '../../../compiler/program/types.ts';
import { printShaders } from '../../../compiler/targets/webgpu/shader.ts';
import { describeOnGpu, runningDevice, validateShader, validatingDevice } from '../../support/gpu.ts';
import { runOnGpu } from '../../support/gpuMachine.ts';
import { maxRelativeError } from '../../support/numbers.ts';
import { racesIn } from '../../support/races.ts';
import { boundKernel } from './kernels.ts';

const OPS: readonly ReduceOp[] = ['add', 'max', 'min'];
const COUNTS = [1, 2, 3, 4, 5, 31, 48, 64, 100, 255, 256];
const WORKGROUPS = 2;

/** Every invocation stores what it knows: of each operation a number and four at once, and the sum of a sum. */
function kernelOf(invocations: number): Kernel {
  const all = WORKGROUPS * invocations;
  const results = 4 * OPS.length + 1;
  const buffers = [
    { name: 'x', element: 'f32', length: all, access: 'read' },
    { name: 'out', element: 'f32', length: all * results, access: 'write' },
  ] as const;
  const build = (k: KernelBuilder): void => {
    const element = k.let('element', add(mul(WORKGROUP, invocations), INVOCATION));
    const x = k.let('own', k.load('x', element));
    const found = OPS.flatMap((op): Expr[] => {
      const four = k.reduce('four', op, vector(x, mul(x, 2), sub(x, 1), sub(0, x)));
      const lanes = ([0, 1, 3] as const).map((lane): Expr => ({
        kind: 'lane',
        type: 'f32',
        vector: four,
        lane,
      }));
      return [k.reduce('all', op, x), ...lanes];
    });
    const again = k.reduce('again', 'add', mul(found[0]!, x));
    [...found, again].forEach((value, i) => k.store('out', add(mul(element, results), i), value));
  };
  const grid = { workgroups: WORKGROUPS, invocations, shared: [] };
  return verifyKernel(buildKernel({ name: 'reductions', buffers, grid }, build));
}

const textsOf = (kernel: Kernel) => printShaders(boundKernel(kernel));

const summing = (invocations: number): Kernel =>
  buildKernel(
    {
      name: 'summing',
      buffers: [{ name: 'out', element: 'f32', length: 1, access: 'write' }],
      grid: { workgroups: 1, invocations, shared: [] },
    },
    (k) => {
      const one: Expr = { kind: 'const', type: 'f32', value: 1 };
      const sum = k.reduce('sum', 'add', one);
      const largest = k.reduce('largest', 'max', sum);
      k.if(eq(INVOCATION, 0), () => k.store('out', 0, largest));
    },
  );

describe('the text', () => {
  it('is a tree', () => {
    expect(textsOf(summing(48)).code).toMatchInlineSnapshot(`
      "@group(0) @binding(0) var<storage, read_write> out: array<f32, 4>;
      var<workgroup> workgroupPartials: array<f32, 48>;

      /** Returns the sum of the values of 48 invocations to each of them: in each round one half of the partial results is combined with the other. */
      fn workgroupSum(value: f32, invocation: i32) -> f32 {
        workgroupPartials[invocation] = value;
        workgroupBarrier();
        for (var left = 48; left > 1; left = (left + 1) / 2) {
          let half = (left + 1) / 2;
          if (invocation + half < left) {
            workgroupPartials[invocation] = workgroupPartials[invocation] + workgroupPartials[invocation + half];
          }
          workgroupBarrier();
        }
        return workgroupUniformLoad(&workgroupPartials[0]);
      }

      /** Returns the largest of the values of 48 invocations to each of them: in each round one half of the partial results is combined with the other. */
      fn workgroupMax(value: f32, invocation: i32) -> f32 {
        workgroupPartials[invocation] = value;
        workgroupBarrier();
        for (var left = 48; left > 1; left = (left + 1) / 2) {
          let half = (left + 1) / 2;
          if (invocation + half < left) {
            workgroupPartials[invocation] = max(workgroupPartials[invocation], workgroupPartials[invocation + half]);
          }
          workgroupBarrier();
        }
        return workgroupUniformLoad(&workgroupPartials[0]);
      }

      @compute @workgroup_size(48)
      fn main(@builtin(local_invocation_index) invocationIndex: u32) {
        let invocation = i32(invocationIndex);
        let sum: f32 = workgroupSum(1.0, invocation);
        let largest: f32 = workgroupMax(sum, invocation);
        if (invocation == 0) {
          out[0] = largest;
        }
      }
      "
    `);
  });

  it('is in two steps where there are subgroups', () => {
    expect(textsOf(summing(48)).withSubgroups).toMatchInlineSnapshot(`
      "enable subgroups;
      @group(0) @binding(0) var<storage, read_write> out: array<f32, 4>;
      var<workgroup> workgroupPartials: array<f32, 48>;
      var<workgroup> workgroupTotal: f32;

      /** Returns the sum of the values of 48 invocations to each of them: first within subgroups, then over the results of the subgroups. */
      fn workgroupSum(value: f32, invocation: i32) -> f32 {
        let own = subgroupAdd(value);
        workgroupPartials[invocation] = select(0.0, own, subgroupElect());
        workgroupBarrier();
        let lanes = subgroupAdd(1);
        let lane = subgroupExclusiveAdd(1);
        var all = 0.0;
        for (var first = 0; first < 48; first += lanes) {
          all = all + select(0.0, workgroupPartials[min(first + lane, 47)], first + lane < 48);
        }
        all = subgroupAdd(all);
        if (invocation == 0) {
          workgroupTotal = all;
        }
        return workgroupUniformLoad(&workgroupTotal);
      }

      /** Returns the largest of the values of 48 invocations to each of them: first within subgroups, then over the results of the subgroups. */
      fn workgroupMax(value: f32, invocation: i32) -> f32 {
        let own = subgroupMax(value);
        workgroupPartials[invocation] = own;
        workgroupBarrier();
        let lanes = subgroupAdd(1);
        let lane = subgroupExclusiveAdd(1);
        var all = own;
        for (var first = 0; first < 48; first += lanes) {
          all = max(all, workgroupPartials[min(first + lane, 47)]);
        }
        all = subgroupMax(all);
        if (invocation == 0) {
          workgroupTotal = all;
        }
        return workgroupUniformLoad(&workgroupTotal);
      }

      @compute @workgroup_size(48)
      fn main(@builtin(local_invocation_index) invocationIndex: u32) {
        let invocation = i32(invocationIndex);
        let sum: f32 = workgroupSum(1.0, invocation);
        let largest: f32 = workgroupMax(sum, invocation);
        if (invocation == 0) {
          out[0] = largest;
        }
      }
      "
    `);
  });

  it('has no second form where nothing is reduced', () => {
    const kernel = buildKernel({ ...kernelOf(4), grid: { workgroups: 1, invocations: 4, shared: [] } }, (k) =>
      k.store('out', INVOCATION, k.load('x', INVOCATION)),
    );
    expect(Object.keys(textsOf(kernel))).toEqual(['code']);
  });

  it.each(COUNTS)('for %d invocations is what Tint takes, and the tree without races', async (count) => {
    const kernel = kernelOf(count);
    const { code, withSubgroups } = textsOf(kernel);
    const gpu = await validatingDevice();
    expect(await validateShader(gpu, code), code).toEqual([]);
    expect(await validateShader(gpu, withSubgroups!), withSubgroups).toEqual([]);
    const { bindings } = boundKernel(kernel);
    expect(racesIn({ code, bindings }).slice(0, 3)).toEqual([]);
  });
});

/** One call, from `x` to `out`. */
function programOf(kernel: Kernel): Program {
  const buffers = kernel.buffers.map(({ name, element, length }, id) => ({
    ...{ id, name, element, length, publicName: name, layout: rowMajor([length]), origin: { path: '' } },
    role: name === 'x' ? ('input' as const) : ('output' as const),
  }));
  const call = {
    ...{ kernel, args: [0, 1], mayOverwrite: [], origin: { path: '' }, label: kernel.name },
    ...{ result: '', schedule: '', multiplyAdds: 0, bytes: 0 },
  };
  return { name: 'reductions', buffers, phases: [{ name: 'forward', calls: [call] }] };
}

describeOnGpu('on SwiftShader', () => {
  describe.each(COUNTS)('%d invocations', (count) => {
    it.each([false, true])('know what they have together, with subgroups: %s', async (withSubgroups) => {
      const kernel = kernelOf(count);
      const x = Float32Array.from({ length: kernel.buffers[0]!.length }, (_, i) => Math.sin(i * i) + 0.5);
      const expected = new Float64Array(kernel.buffers[1]!.length);
      interpretKernel(kernel, [x, expected]);
      const run = async () =>
        (await runOnGpu(await runningDevice(), programOf(kernel), { x }, { withSubgroups }))['out']!;
      const [first, second] = [await run(), await run()];
      expect(maxRelativeError(first, expected)).toBeLessThan(1e-5);
      expect([...second], 'every run gives the same bits').toEqual([...first]);
      const each = 4 * OPS.length + 1;
      for (let i = 0; i < first.length; i++)
        expect(first[i], 'and so does every invocation').toBe(
          first[Math.floor(i / (each * count)) * each * count + (i % each)],
        );
    });
  });
});
