/** The half of a compile that runs once for each target: lowering, constants, shared kernels, memory plan. */
import { lower } from '../lowering/lower.ts';
import { imagesOf, type CompiledBatch, type CompiledModel } from '../emit/model.ts';
import type { ParameterData } from '../program/bake.ts';
import { joinBatches } from '../program/batches.ts';
import { countImages, type BatchProgram } from '../program/countImages.ts';
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
export type ModelFacts = Omit<CompiledModel, 'program' | 'plan' | 'training' | 'canonical' | 'batches'>;

/** The same about one of its other batches. */
export type BatchFacts = Omit<CompiledBatch, 'program' | 'plan'>;

/** The common inputs of all targets. */
export interface Sources {
  readonly facts: ModelFacts;
  /** The batches of inference that are larger than that of `facts`. */
  readonly batches: readonly BatchFacts[];
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
  const { facts, batches, training, data } = sources;
  const { name } = record;
  const targetFor = (fast: 'fast' | 'training') =>
    record.schedule({ precision: settings.exact ? 'exact' : fast, choices });
  const target = targetFor('fast');
  const lowered = [facts, ...batches].map(({ graph }) =>
    timer.time('lowering', name, () =>
      lower(graph, target, kernelPassOptions(recorder, settings.disabledPasses)),
    ),
  );
  const joined = joinBatches(lowered);
  const shared = (whole: Program, others: readonly Program[] = []): readonly Program[] =>
    timer.time('shared kernels', name, () =>
      deduplicateKernels([...countImages(withImages(joined.split(whole), sources)), ...others]),
    );
  const planned = (program: Program): MemoryPlan =>
    timer.time('memory plan', name, () => planMemory(program, target));
  const ofBatches = ([program, ...others]: readonly Program[]) => ({
    ...{ program: program!, plan: planned(program!) },
    batches: settings.batches.takesAny
      ? batches.map((one, i) => ({ ...one, program: others[i]!, plan: planned(others[i]!) }))
      : undefined,
  });
  if (!training) {
    const { program, canonical } = timer.time('constants', name, () =>
      prepareWeights(joined.whole, facts.graph, data, settings.weightForm, target),
    );
    return { ...facts, target: record, ...ofBatches(shared(program)), canonical };
  }
  const step = compileTrainingStep(training, targetFor('training'), settings, recorder);
  const all = shared(joined.whole, [step.program]);
  const trained = { ...step, program: all.at(-1)!, data };
  return { ...facts, target: record, ...ofBatches(all.slice(0, -1)), training: trained };
}

const withImages = (programs: readonly Program[], { facts, batches }: Sources): BatchProgram[] => {
  const images = [imagesOf(facts), ...batches.map((one) => one.images)];
  return programs.map((program, i) => ({ images: images[i]!, program }));
};
