/** The half of a compile that runs once for each target: lowering, constants, shared kernels, memory plan. */
import { lower } from '../lowering/lower.ts';
import { imagesOf, type CompiledBatch, type CompiledModel } from '../emit/model.ts';
import type { ParameterData } from '../program/bake.ts';
import { joinBatches } from '../program/batches.ts';
import { countImages } from '../program/countImages.ts';
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
  const shared = (programs: readonly Program[]): readonly Program[] =>
    timer.time('shared kernels', name, () => deduplicateKernels(programs));
  const planned = (program: Program): MemoryPlan =>
    timer.time('memory plan', name, () => planMemory(program, target));
  const images = [imagesOf(facts), ...batches.map((one) => one.images)];
  const joined = joinBatches(lowered);
  const split = (whole: Program): Program[] => {
    const programs = joined.split(whole).map((program, i) => ({ images: images[i]!, program }));
    return timer.time('shared kernels', name, () => countImages(programs));
  };
  const withPlans = ([program, ...others]: readonly Program[]) => ({
    program: program!,
    plan: planned(program!),
    ...(settings.batches.takesAny && {
      batches: batches.map((one, i) => ({ ...one, program: others[i]!, plan: planned(others[i]!) })),
    }),
  });
  if (!training) {
    const made = timer.time('constants', name, () =>
      prepareWeights(joined.whole, facts.graph, data, settings.weightForm, target),
    );
    const programs = withPlans(shared(split(made.program)));
    return { ...facts, target: record, ...programs, canonical: made.canonical };
  }
  const step = compileTrainingStep(training, targetFor('training'), settings, recorder);
  const all = shared([...split(joined.whole), step.program]);
  return {
    ...facts,
    target: record,
    ...withPlans(all.slice(0, -1)),
    training: { ...step, program: all.at(-1)!, data },
  };
}
