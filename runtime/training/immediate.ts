/**
 * The trainer of a package whose calls return their results, not promises. It works on the package's plan and two
 * memories: one for a step, and one for its halves (forward, backward, update), which is created when a half is first
 * called. A step allocates nothing.
 */
import type { LeftOut } from '../fitTensors.ts';
import type { Named, NumberArray } from '../arrays.ts';
import { checkInputs, inputsFit } from '../check.ts';
import { openMemories, type ImmediatePlan, type Memories, type TrainingBackend } from './memories.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import type { LoadWeightsOptions } from './parameters.ts';
import { checkAllLabels, readCount, wholeInputs, type CountOption } from './plan.ts';
import { createTrainerCore, type TrainerCore, type TrainerOptions } from './trainer.ts';

/** A trainer; arrays are passed by name. The types in a package's `trainer.ts` list the names. */
export interface ImmediateTrainer {
  readonly hyperparameters: Hyperparameters;
  readonly step: number;
  trainStep(inputs: object, options?: CountOption): object;
  forward(inputs: object): object;
  predict(inputs: object): object;
  backward(gradients: object): object;
  applyGradients(gradients: object): void;
  exportWeights(): Uint8Array;
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): LeftOut[];
  saveState(): Uint8Array;
  loadState(bytes: Uint8Array | ArrayBuffer): void;
  close(): void;
}

/** The inference program with the same parameters. It has been prepared once before the trainer is created. */
export interface Inference {
  readonly prepare: () => void;
  predict(inputs: object): object;
}

export function createTrainer<StepSite, HalvesSite>(
  plan: ImmediatePlan<StepSite, HalvesSite>,
  backend: TrainingBackend<StepSite, HalvesSite>,
  inference: Inference,
  options: TrainerOptions,
): ImmediateTrainer {
  const memories = openMemories(plan, backend);
  const core = createTrainerCore(memories.parts, options);
  core.refreshed();
  return {
    hyperparameters: core.hyperparameters,
    get step() {
      return core.step;
    },
    trainStep: createTrainStep(plan, memories, core),
    predict(inputs) {
      if (core.isStale) inference.prepare();
      core.refreshed();
      return inference.predict(inputs);
    },
    ...createHalfCalls(plan, memories, core),
    exportWeights: core.exportWeights,
    loadWeights: core.loadWeights,
    saveState: core.saveState,
    loadState: core.loadState,
    close: () => {},
  };
}

function createTrainStep(
  plan: ImmediatePlan<never, never>,
  { exchange }: Memories,
  core: TrainerCore,
): ImmediateTrainer['trainStep'] {
  const call = `${plan.name}.trainStep`;
  const expected = wholeInputs(plan);
  const { step } = plan;
  const batch = expected[0]!.shape[0]!;
  return (inputs, options) => {
    if (!inputsFit(expected, inputs)) checkInputs(call, expected, inputs);
    const count = options ? readCount(call, step, batch, options) : batch;
    checkAllLabels(call, step.labels, inputs, count, batch);
    exchange.given = inputs as Named<NumberArray>;
    exchange.count = count;
    core.trainStep(exchange.result);
    return exchange.result;
  };
}

function createHalfCalls(
  { name, halves }: ImmediatePlan<never, never>,
  memories: Memories,
  core: TrainerCore,
): Pick<ImmediateTrainer, 'forward' | 'backward' | 'applyGradients'> {
  return {
    forward(inputs) {
      if (!inputsFit(halves.inputs, inputs)) checkInputs(`${name}.forward`, halves.inputs, inputs);
      const opened = memories.halves();
      fill(opened.inputs, inputs);
      core.forward();
      return opened.outputs;
    },
    backward(given) {
      checkInputs(`${name}.backward`, halves.outputGradients, given, 'gradient');
      const { outputGradients, gradients } = memories.halves();
      fill(outputGradients, given);
      core.backward();
      return gradients;
    },
    applyGradients(given) {
      checkInputs(`${name}.applyGradients`, halves.parameterGradients, given, 'gradient');
      fill(memories.halves().toApply, given);
      core.applyGradients();
    },
  };
}

/** Copies the given numbers. An array of this memory, which an earlier call has returned, needs no copy. */
function fill(arrays: Named<NumberArray>, given: object): void {
  for (const name in arrays) {
    const numbers = (given as Named<NumberArray>)[name]!;
    if (numbers !== arrays[name]) arrays[name]!.set(numbers);
  }
}
