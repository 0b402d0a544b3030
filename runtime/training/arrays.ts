/** The memory of a trainer on plain JavaScript arrays: each phase gets the arrays that it touches. */
import type { SitePhase, TrainingBackend } from './memories.ts';
import type { NamedParameter } from './parameters.ts';
import type { HalvesPlan, StepPlan, TrainingPlan } from './plan.ts';

export interface ArraySite<Memory, Parameters, Weights> {
  readonly memory: Memory;
  readonly parameters: Parameters;
  /** Constants, and arrays that `prepare` computes from the parameters. */
  readonly weights: Weights;
}

/** The record in a package's `trainer.ts`: the plan, and functions that create the arrays. */
export interface ArrayTraining<Memory, HalvesMemory, Parameters, Weights = undefined> extends TrainingPlan<
  StepPlan<keyof Memory & string, SitePhase<ArraySite<Memory, Parameters, Weights>>>,
  HalvesPlan<keyof HalvesMemory & string, SitePhase<ArraySite<HalvesMemory, Parameters, Weights>>>
> {
  readonly createMemory: () => Memory;
  readonly createHalvesMemory: () => HalvesMemory;
  readonly createWeights: () => Weights;
  readonly nameParameters: (parameters: Parameters) => readonly NamedParameter[];
}

export function arrayBackend<Memory extends object, HalvesMemory extends object, Parameters, Weights>(
  training: ArrayTraining<Memory, HalvesMemory, Parameters, Weights>,
  parameters: Parameters,
): TrainingBackend<ArraySite<Memory, Parameters, Weights>, ArraySite<HalvesMemory, Parameters, Weights>> {
  const memory = training.createMemory();
  const weights = training.createWeights();
  return {
    parameters: () => training.nameParameters(parameters),
    step: () => ({ arrays: memory, site: { memory, parameters, weights } }),
    halves() {
      const own = training.createHalvesMemory();
      return { arrays: own, site: { memory: own, parameters, weights } };
    },
  };
}
