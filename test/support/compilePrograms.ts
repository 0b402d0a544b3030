/** A model of models/ on its way to the program and its memory plan, forward and training; nothing is emitted or run. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildGraph, type Graph, type Model } from 'cnnc';
import { loadModel } from '../../compiler/host/loadModel.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import { INFERENCE_PASSES, parametersOf, runPasses } from '../../compiler/driver/pipeline.ts';
import { planMemory, type MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Program } from '../../compiler/program/types.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { compileTrainingProgram } from '../../compiler/driver/trainingPipeline.ts';

const folder = fileURLToPath(new URL('../../models/', import.meta.url));

/** Every file of models/ that exports a model. */
export const modelNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => /^export default /m.test(readFileSync(folder + file, 'utf8')))
  .map((file) => file.replace(/\.ts$/, ''));

export const zooModel = (name: string): Promise<Model> => loadModel(`${folder}${name}.ts`);

export interface Planned {
  readonly graph: Graph;
  readonly program: Program;
  readonly plan: MemoryPlan;
}

/** The graph is verified behind every pass, every kernel when it is made. */
export function planForward(model: Model): Planned {
  const graph = runPasses(buildGraph(model, { training: false }), INFERENCE_PASSES);
  const program = lower(graph, typescriptTarget);
  return { graph, program, plan: planMemory(program) };
}

/** With plain gradient descent, two images a step: batch norms need more than one. */
export function planTraining(model: Model): Planned {
  const options = { source: `models/${model.name}.ts`, batch: 2 };
  const source = buildGraph(model, { training: true, batch: 2 });
  const weights = parametersOf(source).map(({ name }) => name);
  return compileTrainingProgram(model, options, { optimizer: 'sgd' }, weights, typescriptTarget, runPasses);
}
