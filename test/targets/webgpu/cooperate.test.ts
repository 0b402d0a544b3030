/**
 * Operations with few results and long loops on the WebGPU target: a workgroup does one result. By the interpreter, which
 * finds invocations that meet, and on SwiftShader by both texts; sizes on both sides of what is worth it, few of them
 * multiples of a workgroup.
 */
import { describe, expect, it } from 'vitest';
import { f32, type Attrs, type Graph, type OpName, type TensorType } from '../../../compiler/ir/types.ts';
import { lower } from '../../../compiler/lowering/lower.ts';
import { evaluateGraph, type Bindings } from '../../../compiler/ops/evaluate.ts';
import { graphBuilder } from '../../../compiler/ops/infer.ts';
import { fuse } from '../../../compiler/passes/fuse.ts';
import type { Program } from '../../../compiler/program/types.ts';
import { createWebgpuTarget } from '../../../compiler/targets/webgpu/target.ts';
import { describeOnGpu, runningDevice, validateShader, validatingDevice } from '../../support/gpu.ts';
import { gpuProgram, runOnGpu } from '../../support/gpuMachine.ts';
import { interpretOnGrid } from '../../support/gridMachine.ts';
import { maxAbs, seedOf } from '../../support/numbers.ts';
import { racesIn } from '../../support/races.ts';
import { sampleArray } from '../../support/samples.ts';

interface Case {
  readonly name: string;
  readonly graph: Graph;
  readonly program: Program;
  readonly bindings: Bindings;
  /** Workgroups and invocations of what reduces; empty: an invocation does a result. */
  readonly grids: readonly (readonly [number, number])[];
}

const target = createWebgpuTarget({ family: 'tiled' });

const i32 = (...shape: number[]): TensorType => ({ dtype: 'i32', shape });

/** `inside`: between other nodes, where images lie channels last. */
function caseOf<K extends OpName>(
  op: K,
  types: readonly TensorType[],
  attrs: Attrs[K],
  grids: Case['grids'],
  inside = false,
): Case {
  const name = `${op} ${types.map(({ shape }) => `[${shape.join()}]`).join(' ')}${inside ? ', inside' : ''}`;
  const g = graphBuilder(name);
  const bindings: Record<string, ArrayLike<number>> = {};
  const operands = types.map((type, i) => {
    const operand = `operand${i}`;
    bindings[operand] = numbersOf(type, `${name}/${i}`);
    const input = g.node('input', [], { name: operand, type });
    return inside && type.dtype === 'f32' ? g.node('neg', [g.node('neg', [input])]) : input;
  });
  const graph = g.finish([{ name: 'result', value: g.node(op, operands, attrs) }]);
  return { name, graph, program: lower(graph, target), bindings, grids };
}

/** Labels, one of which is no class. */
function numbersOf(type: TensorType, seed: string): ArrayLike<number> {
  if (type.dtype === 'f32') return sampleArray(type, seedOf(seed));
  return Int32Array.from({ length: type.shape[0]! }, (_, i) => (i === 1 ? -1 : (i * 37) % 10));
}

const NORM = { epsilon: 1e-5 };
const LOSS = { labelSmoothing: 0.1, ignoreIndex: null };
const axes = (count: number) => ({ axes: Array.from({ length: count }, (_, i) => i), keepDims: false });

/** The operation with a residual sum and an activation after it, which may take the residual's place. */
function withTail<K extends OpName>(op: K, type: TensorType, attrs: Attrs[K], grids: Case['grids']): Case {
  const name = `${op} [${type.shape.join()}] + residual + silu`;
  const g = graphBuilder(name);
  const x = g.node('input', [], { name: 'x', type });
  const result = g.node(op, [x], attrs);
  const given = g.typeOf(result);
  const residual = g.node('input', [], { name: 'residual', type: given });
  const sum = g.node('silu', [g.node('add', [result, g.node('softmax', [residual], { axis: 0 })])]);
  const last = g.node('softmax', [sum], { axis: 0 });
  const graph = g.finish([{ name: 'result', value: last }]);
  const bindings = { x: numbersOf(type, name), residual: numbersOf(given, `${name}/residual`) };
  return { name, graph, program: lower(fuse.run(graph), target), bindings, grids };
}

const CASES: readonly Case[] = [
  caseOf('softmax', [f32(1, 1000)], { axis: 1 }, [[1, 128]]),
  caseOf('softmax', [f32(3, 333)], { axis: 1 }, [[3, 64]]),
  caseOf('softmax', [f32(2, 20)], { axis: 1 }, []),
  caseOf('softmax', [f32(1030, 120)], { axis: 1 }, []),
  caseOf('softmax', [f32(1000, 120)], { axis: 1 }, [[1000, 64]]),
  caseOf('softmax', [f32(1, 300, 3, 4)], { axis: 1 }, [[3, 64]]),
  caseOf('softmaxGradient', [f32(5, 301), f32(5, 301)], { axis: 1 }, [[5, 64]]),
  caseOf('logSoftmax', [f32(2, 1001)], { axis: 1 }, [[2, 128]]),
  caseOf('logSoftmaxGradient', [f32(1, 1000), f32(1, 1000)], { axis: 1 }, [[1, 128]]),
  caseOf('crossEntropy', [f32(3, 1000), i32(3)], LOSS, [[1, 128]]),
  caseOf('crossEntropy', [f32(300, 10), i32(300)], LOSS, [[1, 64]]),
  caseOf('crossEntropy', [f32(4, 10), i32(4)], LOSS, []),
  caseOf('crossEntropy', [f32(3, 517), i32(3), f32(517)], { labelSmoothing: 0, ignoreIndex: 3 }, [[1, 128]]),
  caseOf('crossEntropyWeight', [i32(700)], { classes: 10, ignoreIndex: null }, [[1, 128]]),
  caseOf('crossEntropyGradient', [f32(), f32(3, 1000), i32(3), f32()], LOSS, [[3, 128]]),
  caseOf('mseLoss', [f32(8, 99), f32(8, 99)], {}, [[1, 128]]),
  caseOf('bceWithLogits', [f32(8, 100), f32(8, 100)], {}, [[1, 128]]),
  caseOf('globalAveragePool', [f32(1, 6, 17, 19)], {}, [[6, 64]]),
  caseOf('globalAveragePool', [f32(1, 8, 17, 19)], {}, [[2, 64]], true),
  caseOf('globalAveragePool', [f32(1, 6, 17, 19)], {}, [[6, 64]], true),
  caseOf('globalAveragePool', [f32(1, 8, 7, 7)], {}, [[8, 64]]),
  caseOf('globalAveragePool', [f32(1, 8, 5, 5)], {}, []),
  caseOf('globalAveragePool', [f32(1, 1280, 7, 7)], {}, [[320, 64]], true),
  caseOf('batchMean', [f32(8, 4, 32, 32)], {}, [[1, 64]], true),
  caseOf('batchMean', [f32(8, 9, 61, 5)], {}, [[9, 64]], true),
  caseOf('globalMaxPool', [f32(2, 4, 32, 32)], {}, [[8, 256]]),
  caseOf('globalLpPool', [f32(1, 4, 20, 20)], { p: 2 }, [[1, 64]], true),
  caseOf('reduceMean', [f32(3, 5, 7, 11)], axes(4), [[1, 256]]),
  caseOf('reduceMean', [f32(3, 5, 7, 11)], axes(4), [[1, 256]], true),
  caseOf('reduceSum', [f32(40)], axes(1), []),
  caseOf('reduceSum', [f32(4099)], axes(1), [[1, 256]]),
  caseOf('reduceSumSquare', [f32(8, 9, 3, 3)], axes(4), [[1, 128]]),
  caseOf('reduceL1', [f32(40, 25)], axes(2), [[1, 128]]),
  caseOf('reduceL2', [f32(40, 25)], axes(2), [[1, 128]]),
  caseOf('reduceMax', [f32(3, 401)], { axes: [1], keepDims: true }, [[3, 64]]),
  caseOf('reduceMin', [f32(401, 8)], { axes: [0], keepDims: true }, [[2, 64]]),
  caseOf('reduceProd', [f32(1000)], axes(1), []),
  caseOf('argMax', [f32(1, 1000)], { axis: 1, keepDims: false, selectLastIndex: false }, []),
  caseOf('layerNorm', [f32(3, 770), f32(770), f32(770)], { normalizedRank: 1, ...NORM }, [[3, 128]]),
  caseOf('layerNormGradient', [f32(2, 768), f32(2, 768)], { normalizedRank: 1, ...NORM }, [[2, 128]]),
  caseOf('instanceNorm', [f32(1, 6, 17, 19), f32(6), f32(6)], NORM, [[6, 64]]),
  caseOf('instanceNorm', [f32(1, 8, 17, 19), f32(8), f32(8)], NORM, [[8, 64]], true),
  caseOf('groupNorm', [f32(1, 6, 17, 18), f32(6), f32(6)], { groups: 2, ...NORM }, [[2, 128]]),
  caseOf('groupNorm', [f32(1, 8, 12, 12), f32(8), f32(8)], { groups: 2, ...NORM }, [[2, 128]]),
  withTail('reduceSum', f32(3, 1000), { axes: [1], keepDims: true }, [[3, 128]]),
  withTail('reduceMax', f32(2, 301), { axes: [1], keepDims: true }, [[2, 64]]),
  withTail('softmax', f32(3, 500), { axis: 1 }, [[3, 64]]),
  withTail('globalAveragePool', f32(1, 6, 17, 19), {}, [[6, 64]]),
];

const gridsIn = (program: Program): Case['grids'] =>
  gpuProgram(program)
    .shaders.filter(({ withSubgroups }) => withSubgroups !== undefined)
    .map(({ kernel: { grid } }) => [grid.workgroups, grid.invocations]);

/** Error, relative to the largest result or to the largest number that is added. */
function errorOf(actual: ArrayLike<number>, { graph, bindings }: Case): number {
  const expected = [...evaluateGraph(graph, bindings).outputs['result']!];
  expect(actual.length).toBe(expected.length);
  const difference = maxAbs(expected.map((value, i) => value - actual[i]!));
  return difference / Math.max(1e-3, maxAbs(expected));
}

describe.each(CASES.map((one) => [one.name, one] as const))('%s', (_, one) => {
  it('is shared by workgroups where that is worth it', () => {
    expect(gridsIn(one.program)).toEqual(one.grids);
  });

  it('by the interpreter no two invocations meet, and the result is the same', () => {
    expect(errorOf(interpretOnGrid(one.program, one.bindings)['result']!, one)).toBeLessThan(1e-6);
  });

  if (one.grids.length === 0) return;

  it('is a shader that Tint takes, with subgroups and without, and that no one else finds races in', async () => {
    const gpu = await validatingDevice();
    for (const shader of gpuProgram(one.program).shaders) {
      if (shader.withSubgroups === undefined) continue;
      expect(shader.withSubgroups).toContain('enable subgroups;');
      for (const code of [shader.code, shader.withSubgroups])
        expect(await validateShader(gpu, code), code).toEqual([]);
      expect(racesIn(shader).slice(0, 3), shader.code).toEqual([]);
    }
  });
});

describeOnGpu('on SwiftShader', () => {
  const shared = CASES.filter(({ grids }) => grids.length > 0);

  describe.each(shared.map((one) => [one.name, one] as const))('%s', (_, one) => {
    it.each([false, true])('with subgroups: %s', async (withSubgroups) => {
      const run = async () =>
        (await runOnGpu(await runningDevice(), one.program, one.bindings, { withSubgroups, checked: true }))[
          'result'
        ]!;
      const [first, second] = [await run(), await run()];
      expect(errorOf(first, one)).toBeLessThan(2e-5);
      expect([...second], 'every run gives the same bits').toEqual([...first]);
    });
  });
});
