/**
 * Every operation's samples on the WebGPU target. In Dawn's null back end each shader passes Tint's validation, which
 * needs no driver; on SwiftShader each call writes its results and nothing else, and they are the f64 interpreter's.
 */
import { describe, expect, it } from 'vitest';
import type { Graph, OpName } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import { definitionOf } from '../../compiler/ops/index.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import type { Program } from '../../compiler/program/types.ts';
import { createWebgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { describeOnGpu, runningDevice, validateShader, validatingDevice } from '../support/gpu.ts';
import { gpuProgram, runOnGpu, webgpuTarget } from '../support/gpuMachine.ts';
import { alone, caseOf, inside, takesTail, withTail } from '../support/opCases.ts';
import { describeSamples, ROUNDING, sampledOps, SMALLEST, type Runner } from './sampleChecks.ts';

/** The other family of schedules. */
const tiledTarget = createWebgpuTarget({ family: 'tiled' });

/** Operations that have schedules; the others' kernels are the same in both. */
const SCHEDULED = sampledOps.filter((op) => op in tiledTarget.schedules);

const programOf = (graph: Graph, target = webgpuTarget): Program =>
  deduplicateKernels([lower(graph, target)])[0]!;

describe('the shaders of', () => {
  const known = new Set<string>();

  it.each([
    ...sampledOps.map((op) => [op, 'blocked', webgpuTarget] as const),
    ...SCHEDULED.map((op) => [op, 'tiled', tiledTarget] as const),
  ])('%s are valid, %s', async (op: OpName, _family, target) => {
    const gpu = await validatingDevice();
    for (const sample of definitionOf<OpName>(op).samples) {
      const graphs = [alone, inside].map((build) => caseOf(op, sample, build).graph);
      if (takesTail(op, sample)) graphs.push(fuse.run(caseOf(op, sample, withTail).graph));
      for (const { code } of graphs.flatMap((graph) => gpuProgram(programOf(graph, target)).shaders)) {
        if (known.has(code)) continue;
        known.add(code);
        expect(await validateShader(gpu, code), code).toEqual([]);
      }
    }
  });
});

/**
 * f32 everywhere. A sum of n products is off by n roundings of its largest partial sum at most (Higham, Accuracy and
 * Stability, 3.1). WGSL lets a division be off by 2.5 units, exp by 3 + 2 |x|, log near 1 by 2^-21, which are 8 roundings
 * of 1; SwiftShader's exp is off by 16 units, which are 32 roundings, and softmax, log-sum-exp and GELU take
 * two such functions one after the other.
 */
const runnerOn = (name: string, target: Target): Runner => ({
  name,
  run: async (graph, bindings) =>
    runOnGpu(await runningDevice(), programOf(graph, target), bindings, { checked: true }),
  tolerance: (expected, { magnitude, terms }) =>
    (terms + 64) * ROUNDING * Math.max(magnitude, Math.abs(expected)) + SMALLEST,
});

describeOnGpu('samples on SwiftShader', () => {
  describeSamples(runnerOn('blocked', webgpuTarget));
  describeSamples(runnerOn('tiled', tiledTarget), SCHEDULED);
});
