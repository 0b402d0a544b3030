/** The half of a compile that runs once for each target: lowering, constants, shared kernels, memory plan. */
import { lower } from '../lowering/lower.ts';
import type { CanonicalWeights, CompiledModel } from '../emit/model.ts';
import type { Graph } from '../ir/types.ts';
import { bake, type ParameterData } from '../program/bake.ts';
import { deduplicateKernels } from '../program/deduplicate.ts';
import { stageParameters, type Staging } from '../program/staging.ts';
import { planMemory, type MemoryPlan } from '../program/memoryPlan.ts';
import type { Program } from '../program/types.ts';
import type { TargetRecord, TargetedModel } from '../emit/target.ts';
import type { Settings } from './options.ts';
import { kernelPassOptions, type Recorder } from './recorder.ts';
import type { TrainingGraphs } from './trainingGraphs.ts';
import { parametersIn } from './parameters.ts';
import { compileTrainingStep } from './trainingStep.ts';

/** Facts about the model that do not depend on a target. */
export type ModelFacts = Omit<CompiledModel, 'program' | 'plan' | 'training' | 'canonical'>;

/** The common inputs of all targets. */
export interface Sources {
  readonly facts: ModelFacts;
  readonly training?: TrainingGraphs;
  readonly data: ParameterData;
}

export function compileForTarget(
  record: TargetRecord,
  sources: Sources,
  settings: Settings,
  choices: unknown,
  recorder: Recorder,
): TargetedModel {
  const { timer } = recorder;
  const { facts, training, data } = sources;
  const { name } = record;
  const targetFor = (fast: 'fast' | 'training') =>
    record.schedule({ precision: settings.exact ? 'exact' : fast, choices });
  const target = targetFor('fast');
  const lowered = timer.time('lowering', name, () =>
    lower(facts.graph, target, kernelPassOptions(recorder, settings.disabledPasses)),
  );
  const shared = (programs: readonly Program[]): readonly Program[] =>
    timer.time('shared kernels', name, () => deduplicateKernels(programs));
  const planned = (program: Program): MemoryPlan =>
    timer.time('memory plan', name, () => planMemory(program, target));
  if (!training) {
    const isFixed = settings.fixedWeights || !lowered.buffers.some(({ role }) => role === 'parameter');
    const made = isFixed
      ? { program: timer.time('constants', name, () => bake(lowered, data)) }
      : stageParameters(lowered, data, target);
    const [program] = shared([made.program]);
    const canonical =
      'staging' in made ? canonicalWeights(facts.graph, program!, made.staging, data) : undefined;
    return { ...facts, target: record, program: program!, plan: planned(program!), canonical };
  }
  const step = compileTrainingStep(training, targetFor('training'), settings, recorder);
  const [program, stepProgram] = shared([lowered, step.program]);
  return {
    ...facts,
    ...{ target: record, program: program!, plan: planned(program!) },
    training: { ...step, program: stepProgram!, data },
  };
}

function canonicalWeights(
  graph: Graph,
  program: Program,
  staging: Staging,
  data: ParameterData,
): CanonicalWeights {
  const known = new Map(parametersIn(graph).map((one) => [one.name, one]));
  const parameters = staging.reads.flat().map((id) => known.get(program.buffers[id]!.publicName!)!);
  return { parameters, data, staging };
}
