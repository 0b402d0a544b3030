/**
 * Kernels with workgroup memory, in the interpreter of `wgsl_reflect`: no two invocations meet without a barrier.
 * Kernels that lack a barrier show that it would find them.
 */
import { describe, expect, it } from 'vitest';
import type { Graph, OpName } from '../../../compiler/ir/types.ts';
import type { KernelBuilder } from '../../../compiler/kernel/builder.ts';
import { add, lt, mul, sub } from '../../../compiler/kernel/expression.ts';
import { INVOCATION, WORKGROUP } from '../../../compiler/kernel/grid.ts';
import { lower } from '../../../compiler/lowering/lower.ts';
import { definitionOf } from '../../../compiler/ops/index.ts';
import { deduplicateKernels } from '../../../compiler/program/deduplicate.ts';
import { createWebgpuTarget } from '../../../compiler/targets/webgpu/target.ts';
import { describeShape, fusedGraph, SHAPES } from '../../support/convShapes.ts';
import { validateShader, validatingDevice } from '../../support/gpu.ts';
import { gpuProgram } from '../../support/gpuMachine.ts';
import { caseOf, inside } from '../../support/opCases.ts';
import { hasWorkgroupMemory, racesIn } from '../../support/races.ts';
import { sampledOps } from '../sampleChecks.ts';
import { boundKernel, gridKernel, shaderOf } from './kernels.ts';

const BUFFERS = ['x: read f32[32]', 'out: write f32[32]'];
const GRID = { workgroups: 2, invocations: 16, shared: [{ name: 'tile', length: 16 }] };

const ELEMENT = add(mul(WORKGROUP, 16), INVOCATION);

function found(build: (k: KernelBuilder) => void): string[] {
  const kernel = gridKernel(BUFFERS, build, GRID);
  const { bindings } = boundKernel(kernel);
  return racesIn({ code: shaderOf(kernel), bindings });
}

describe('the detector', () => {
  const fill = (k: KernelBuilder): void => k.store('tile', INVOCATION, k.load('x', ELEMENT));
  const turn = (k: KernelBuilder): void => k.store('out', ELEMENT, k.load('tile', sub(15, INVOCATION)));

  it('is content with a barrier between', () => {
    expect(
      found((k) => {
        fill(k);
        k.barrier();
        turn(k);
      }),
    ).toEqual([]);
  });

  it('finds a barrier that is missing before a read', () => {
    const races = found((k) => {
      fill(k);
      turn(k);
    });
    expect(races.length).toBeGreaterThan(0);
    expect(races[0]).toContain('tile');
  });

  it('finds a barrier that is missing before the next round', () => {
    const races = found((k) =>
      k.for('round', 0, 2, () => {
        fill(k);
        k.barrier();
        turn(k);
      }),
    );
    expect(races.length).toBeGreaterThan(0);
  });

  it('leaves barriers that only some reach to Tint', async () => {
    const kernel = gridKernel(BUFFERS, (k) => k.if(lt(INVOCATION, 8), () => k.barrier()), GRID);
    const [said] = await validateShader(await validatingDevice(), shaderOf(kernel));
    expect(said).toContain("'workgroupBarrier' must only be called from uniform control flow");
  });
});

describe.each(['blocked', 'tiled'] as const)('no two invocations meet, %s', (family) => {
  const target = createWebgpuTarget({ family });
  const known = new Set<string>();

  function check(graph: Graph): void {
    const [program] = deduplicateKernels([lower(graph, target)]);
    for (const shader of gpuProgram(program!).shaders.filter(hasWorkgroupMemory)) {
      if (known.has(shader.code)) continue;
      known.add(shader.code);
      expect(racesIn(shader), shader.code).toEqual([]);
    }
  }

  it.each(sampledOps)('in samples of %s', (op: OpName) => {
    for (const sample of definitionOf<OpName>(op).samples) check(caseOf(op, sample, inside).graph);
  });

  it.each(SHAPES.map((shape) => [describeShape(shape), shape] as const))('in %s', (_, shape) =>
    check(fusedGraph(shape)),
  );

  if (family === 'tiled') it('where there is memory to meet in', () => expect(known.size).toBeGreaterThan(0));
});
