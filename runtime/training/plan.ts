/**
 * The plan of a package's training: the tensors that a step reads and returns, their places in memory, and the phases
 * that run. All targets have the same plan. They differ in what a `Place` is (the name of an array, a range of the
 * GPU's memory) and in what a `Phase` is (a function that runs kernels, a function that lists dispatches).
 */
import type { Named } from '../arrays.ts';
import { checkLabels, type Expected } from '../check.ts';

export interface Placed<Place> extends Expected {
  readonly place: Place;
}

export interface ScalarPlaces<Place> {
  /** The hyperparameters that the update reads, by name. */
  readonly hyper: Named<Place>;
  /** [seed, step], if the network draws random numbers. */
  readonly seed?: Place;
}

/** An input that holds class numbers. */
export interface LabelRule {
  readonly name: string;
  readonly classes: number;
  /** The label that stands for no class. */
  readonly ignored?: number;
}

/** A whole step, or one micro-batch of it. */
export interface StepPlan<Place, Phase> extends ScalarPlaces<Place> {
  /** The inputs of the network and of the loss. */
  readonly inputs: readonly Placed<Place>[];
  readonly outputs: readonly Placed<Place>[];
  readonly loss: Place;
  readonly labels: readonly LabelRule[];
  /** Whether a step can leave out examples of its batch: they then change nothing that it returns or updates. */
  readonly countsExamples?: true;
  /** Runs at load, and again after weights or a state have been loaded. */
  readonly prepare: readonly Phase[];
  /** Forward, loss, backward and update. For a micro-batch it ends with the sums of gradients. */
  readonly run: readonly Phase[];
  /** Runs after the last micro-batch. */
  readonly update?: Phase;
}

export interface ParameterGradient<Place> extends Placed<Place> {
  /** The parameter that holds the sum of these gradients, in a package with micro-batches; the update reads it. */
  readonly sum?: string;
}

/** Forward, backward and update as separate calls, in a memory that keeps every gradient until the update. */
export interface HalvesPlan<Place, Phase> extends ScalarPlaces<Place> {
  readonly inputs: readonly Placed<Place>[];
  readonly outputs: readonly Placed<Place>[];
  readonly outputGradients: readonly Placed<Place>[];
  readonly inputGradients: readonly Placed<Place>[];
  readonly parameterGradients: readonly ParameterGradient<Place>[];
  readonly forward: readonly Phase[];
  readonly backward: readonly Phase[];
  readonly update: readonly Phase[];
}

export interface TrainingPlan<Step, Halves> {
  readonly name: string;
  /** The number of parts that a step splits its batch into. */
  readonly microBatches: number;
  readonly step: Step;
  readonly halves: Halves;
}

/** The inputs of `trainStep`: those of all micro-batches. */
export const wholeInputs = ({
  microBatches,
  step,
}: TrainingPlan<{ readonly inputs: readonly Expected[] }, unknown>): readonly Expected[] =>
  step.inputs.map(({ shape: [images, ...rest], ...one }) => ({
    ...one,
    shape: [images! * microBatches, ...rest],
  }));

/** Options of a step on every target. */
export interface CountOption {
  /** The number of examples that count. Those after them are left out of the loss and of the gradients. */
  readonly count?: number;
}

/** Reads the number of examples that count. Throws if the step cannot leave any out. */
export function readCount(
  call: string,
  { countsExamples }: Pick<StepPlan<unknown, unknown>, 'countsExamples'>,
  batch: number,
  { count = batch }: CountOption,
): number {
  if (count === batch) return batch;
  if (!(Number.isSafeInteger(count) && count >= 1 && count < batch))
    throw new Error(`${call}: \`count\` needs a whole number from 1 to ${batch}, got ${count}`);
  if (!countsExamples)
    throw new Error(
      `${call}: a step of this network needs all ${batch} examples, so \`count\` cannot be ${count}`,
    );
  return count;
}

/**
 * Checks the class numbers of the first `count` of `batch` examples among `inputs`, whose types and lengths have been
 * checked.
 */
export function checkAllLabels(
  call: string,
  labels: readonly LabelRule[],
  inputs: object,
  count: number,
  batch: number,
): void {
  for (let i = 0; i < labels.length; i++) {
    const { name, classes, ignored } = labels[i]!;
    const given = (inputs as Named<Int32Array>)[name]!;
    const counted = count === batch ? given : given.subarray(0, count * (given.length / batch));
    checkLabels(call, name, counted, classes, ignored);
  }
}

/** Replaces the labels after the first `count` of `batch` examples by one that is no class. */
export function leaveOut(
  labels: readonly LabelRule[],
  inputs: Named<unknown>,
  count: number,
  batch: number,
): void {
  for (const { name, ignored = -1 } of labels) {
    const values = inputs[name] as Int32Array;
    values.fill(ignored, count * (values.length / batch));
  }
}
