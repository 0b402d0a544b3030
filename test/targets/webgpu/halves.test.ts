/**
 * Tiles that hold f16 (`load({ precision: 'f16' })`): the exchanged text passes Tint on a device that has `shader-f16`, and
 * what the rounding does to results, by the interpreter with tiles rounded to eleven bits. No driver of the tests has f16.
 */
import { describe, expect, it } from 'vitest';
import { f32Const, mul, splat, sub } from '../../../compiler/kernel/expression.ts';
import type { Expr, Kernel, Statement } from '../../../compiler/kernel/types.ts';
import { lower } from '../../../compiler/lowering/lower.ts';
import { evaluateGraph, type Bindings } from '../../../compiler/ops/evaluate.ts';
import { deduplicateKernels } from '../../../compiler/program/deduplicate.ts';
import type { Program } from '../../../compiler/program/types.ts';
import { halfBuffers } from '../../../compiler/targets/webgpu/shaders.ts';
import { vectorBuffers } from '../../../compiler/targets/webgpu/vectors.ts';
import { createWebgpuTarget } from '../../../compiler/targets/webgpu/target.ts';
import { kernelText } from '../../../runtime/webgpu/kernelText.ts';
import { validateShader, validatingDevice } from '../../support/gpu.ts';
import { gpuProgram } from '../../support/gpuMachine.ts';
import { graphOf, randomBindings } from '../../support/graphs.ts';
import { interpretOnGrid } from '../../support/gridMachine.ts';

const target = createWebgpuTarget({ family: 'tiled' });

const graph = graphOf((w) => {
  const x = w.g.node('neg', [w.input('x', [1, 16, 9, 9])]);
  const attrs = { stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 } as const;
  return { y: w.g.node('conv2d', [x, w.parameter('weight', [24, 16, 3, 3])], { ...attrs }) };
});
const program: Program = deduplicateKernels([lower(graph, target)])[0]!;

/** To eleven bits, as f16 does in its range: Veltkamp's splitting of f64's 53. */
const toHalf = (e: Expr): Expr => {
  const factor = splat(f32Const(2 ** 42 + 1));
  const scaled = mul(e, factor);
  return sub(scaled, sub(scaled, e));
};

function roundTiles(kernel: Kernel): Kernel {
  const halves = kernel.grid ? halfBuffers(kernel.grid, vectorBuffers(kernel)) : [];
  const change = (body: readonly Statement[]): Statement[] =>
    body.map((s): Statement => {
      if (s.kind === 'for' || s.kind === 'block') return { ...s, body: change(s.body) };
      if (s.kind === 'if') return { ...s, then: change(s.then), otherwise: change(s.otherwise) };
      return s.kind === 'store' && halves.includes(s.buffer) ? { ...s, value: toHalf(s.value) } : s;
    });
  return { ...kernel, body: change(kernel.body) };
}

describe('tiles of f16', () => {
  const kernels = gpuProgram(program).shaders.map(({ name, code }) => ({
    name,
    code,
    workgroups: [1, 1] as const,
  }));
  const gpu = { has: (feature: string) => feature === 'shader-f16' };
  const textOf = (precision: 'f32' | 'f16') =>
    kernels.map((one) => kernelText({ ...one, bindings: [] }, gpu, precision));

  it('are exchanged in the text of tiled kernels, and nothing else is', () => {
    const changed = textOf('f16').filter((text, i) => text !== kernels[i]!.code);
    expect(changed).toHaveLength(1);
    expect(changed[0]).toMatch(/^enable f16;\n/);
    expect(changed[0]).toContain('var<workgroup> pixels: array<half4,');
    expect(changed[0]!.replace('enable f16;\n', '').replace('vec4<f16>', 'vec4f')).toBe(
      kernels.find(({ code }) => code.includes('half4'))!.code,
    );
    expect(textOf('f32')).toEqual(kernels.map(({ code }) => code));
  });

  it('are valid WGSL', async () => {
    const gpu = await validatingDevice();
    expect(gpu.features.has('shader-f16')).toBe(true);
    for (const text of [...textOf('f16'), ...textOf('f32')])
      expect(await validateShader(gpu, text), text).toEqual([]);
  });

  it('are off by two roundings of each product', () => {
    const bindings = randomBindings(graph);
    const absolute: Bindings = Object.fromEntries(
      Object.entries(bindings).map(([name, numbers]) => [name, Float64Array.from(numbers, Math.abs)]),
    );
    const exact = interpretOnGrid(program, bindings)['y']!;
    const rounded = interpretOnGrid(program, bindings, roundTiles)['y']!;
    // Sums of |x| |w|, with the sign that the graph gives them.
    const sums = evaluateGraph(graph, absolute).outputs['y']!;
    const shares = [...exact].map((value, i) => Math.abs(value - rounded[i]!) / Math.abs(sums[i]!));
    expect(Math.max(...shares)).toBeLessThan(2 * 2 ** -11);
    expect(Math.max(...shares)).toBeGreaterThan(2 ** -16);
  });
});
