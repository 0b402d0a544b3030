/**
 * Compiles a model of the zoo up to the program and its memory plan, forward and training. Nothing is emitted or run.
 */
import { buildGraph, type Graph, type Model } from 'cnnc';
import { lower } from '../../compiler/lowering/lower.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { planMemory, type MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Program } from '../../compiler/program/types.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { trainingStepOf } from './compiled.ts';

export interface Planned {
  readonly graph: Graph;
  readonly program: Program;
  readonly plan: MemoryPlan;
}

/** The graph is verified after every pass, every kernel when it is made. */
export function planForward(model: Model): Planned {
  const graph = runPasses(buildGraph(model, { training: false }), passesFor('inference'));
  const program = lower(graph, typescriptTarget);
  return { graph, program, plan: planMemory(program) };
}

/** With plain gradient descent, two images a step: batch norms need more than one. */
export const planTraining = (model: Model): Planned =>
  trainingStepOf(model, { optimizer: 'sgd' }, typescriptTarget, 2);
