/** The half of a compile that runs once for each target: lowering, constants, shared kernels, memory plan. */
import { lower } from '../lowering/lower.ts';
import type { CompiledModel } from '../emit/model.ts';
import type { ParameterData } from '../program/bake.ts';
import { deduplicateKernels } from '../program/deduplicate.ts';
import { planMemory, type MemoryPlan } from '../program/memoryPlan.ts';
import type { Program } from '../program/types.ts';
import type { TargetRecord, TargetedModel } from '../emit/target.ts';
import type { Settings } from './options.ts';
import { prepareWeights } from './preparedWeights.ts';
import { kernelPassOptions, type Recorder } from './recorder.ts';
import type { TrainingGraphs } from './trainingGraphs.ts';
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
    const made = timer.time('constants', name, () =>
      prepareWeights(lowered, facts.graph, data, settings.weightForm, target),
    );
    const [program] = shared([made.program]);
    return {
      ...facts,
      ...{ target: record, program: program!, plan: planned(program!), canonical: made.canonical },
    };
  }
  const step = compileTrainingStep(training, targetFor('training'), settings, recorder);
  const [program, stepProgram] = shared([lowered, step.program]);
  return {
    ...facts,
    ...{ target: record, program: program!, plan: planned(program!) },
    training: { ...step, program: stepProgram!, data },
  };
}
