/** Every shader of a model of the zoo, for inference or of a training step, in both families, is valid to Tint. */
import { expect } from 'vitest';
import { buildGraph, type Model } from 'cnnc';
import { lower } from '../../compiler/lowering/lower.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { planMemory, type MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import { phaseCalls, TRAIN_STEP, type Program, type Timeline } from '../../compiler/program/types.ts';
import { createWebgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { kernelText } from '../../runtime/webgpu/kernelText.ts';
import { trainingStepOf } from '../support/compiled.ts';
import { zooModel } from '../support/models.ts';
import { validateShader, validatingDevice } from '../support/gpu.ts';
import { gpuProgram, webgpuTarget, type PrintedShader } from '../support/gpuMachine.ts';

/** Shaders that this process has seen in a net. */
const known = new Set<string>();

/** What devices compile of it: without subgroups and with them, with f16 in tiles. */
function textsOf({ name, code, withSubgroups }: PrintedShader): string[] {
  const kernel = { name, code, workgroups: [1, 1], bindings: [] } as const;
  return [code, ...(withSubgroups ? [withSubgroups] : []), kernelText(kernel, { has: () => true }, 'f16')];
}

async function expectShaders(program: Program, plan: MemoryPlan, timeline?: Timeline): Promise<void> {
  const calls = timeline && [...phaseCalls(program, 'prepare'), ...runCalls(program, timeline)];
  const { shaders } = gpuProgram(program, plan, calls);
  expect(shaders.length).toBeGreaterThan(0);
  const gpu = await validatingDevice();
  for (const shader of shaders) {
    for (const text of textsOf(shader)) {
      if (known.has(text)) continue;
      known.add(text);
      expect(await validateShader(gpu, text), `${shader.name}\n${text}`).toEqual([]);
    }
  }
}

export async function expectForwardShaders(name: string): Promise<void> {
  const model = await zooModel(name);
  const graph = runPasses(buildGraph(model, { training: false }), passesFor('inference'));
  const target = createWebgpuTarget({ precision: 'fast' });
  const [program] = deduplicateKernels([lower(graph, target)]);
  await expectShaders(program!, planMemory(program!, { ...target, isQuick: true }));
}

/** Two images a step: batch norms need more than one. */
export async function expectStepShaders(name: string): Promise<void> {
  const model: Model = await zooModel(name);
  const { program, plan } = trainingStepOf(model, { optimizer: 'adam' }, webgpuTarget, 2);
  await expectShaders(program, plan, TRAIN_STEP);
}
