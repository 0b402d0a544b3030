/**
 * Every operation's samples on the WebGPU target: each shader passes Tint's validation in Dawn's null back end, and what
 * they compute on SwiftShader is what the f64 interpreter says.
 */
import { describe, expect, it } from 'vitest';
import type { OpName } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { webgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { runningDevice, validateShader, validatingDevice } from '../support/gpu.ts';
import { gpuProgram, runOnGpu } from '../support/gpuMachine.ts';
import { alone, caseOf, inside } from '../support/opCases.ts';

const only = process.env['OP'];
for (const op of opNames.filter((name) => !definitionOf(name).structural && (!only || name === only))) {
  describe(op, () => {
    for (const sample of definitionOf<OpName>(op).samples) {
      for (const [how, build] of [
        ['alone', alone],
        ['inside', inside],
      ] as const) {
        it(`${sample.name}, ${how}`, async () => {
          const { graph, bindings } = caseOf(op, sample, build);
          const [program] = deduplicateKernels([lower(graph, webgpuTarget)]);
          const validator = await validatingDevice();
          for (const { code } of gpuProgram(program!).shaders)
            expect(await validateShader(validator, code), code).toEqual([]);
          const actual = (await runOnGpu(await runningDevice(), program!, bindings))['result']!;
          const expected = evaluateGraph(graph, bindings).outputs['result']!;
          const scale = Math.max(1, ...Array.from(expected, (v) => (Number.isFinite(v) ? Math.abs(v) : 0)));
          const wrong = [...actual].flatMap((value, i) =>
            Object.is(value, expected[i]) || Math.abs(value - expected[i]!) <= 1e-5 * scale
              ? []
              : [`[${i}] ${value}, expected ${expected[i]}`],
          );
          expect(wrong.slice(0, 5)).toEqual([]);
        });
      }
    }
  });
}
