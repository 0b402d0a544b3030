/**
 * What a package states about its training: which tensors a step reads and returns, where their numbers lie, and which
 * phases run. Every target has the same plan. They differ in what a `Place` is (the name of an array, a range of the GPU's
 * memory) and in what a `Phase` is (a function that runs kernels, a function that lists dispatches).
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
  /** Of the network and of the loss. */
  readonly inputs: readonly Placed<Place>[];
  readonly outputs: readonly Placed<Place>[];
  readonly loss: Place;
  readonly labels: readonly LabelRule[];
  /** Run once, and again after parameters have changed from outside. */
  readonly prepare: readonly Phase[];
  /** Forward, loss, backward and update. Of a micro-batch: up to the sums of gradients. */
  readonly run: readonly Phase[];
  /** Run after the last micro-batch. */
  readonly update?: Phase;
}

export interface ParameterGradient<Place> extends Placed<Place> {
  /** With micro-batches: the parameter that holds the sum of these gradients, which the update reads. */
  readonly sum?: string;
}

/** Forward, backward and update as calls of their own, in a memory that keeps every gradient until the update. */
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
  /** So many batches, each a part of what `trainStep` is given, make one step. */
  readonly microBatches: number;
  readonly step: Step;
  readonly halves: Halves;
}

/** What `trainStep` is given: the inputs of all micro-batches. */
export const wholeInputs = ({
  microBatches,
  step,
}: TrainingPlan<{ readonly inputs: readonly Expected[] }, unknown>): readonly Expected[] =>
  step.inputs.map(({ shape: [images, ...rest], ...one }) => ({
    ...one,
    shape: [images! * microBatches, ...rest],
  }));

/** `inputs` have been checked but for the class numbers among them. */
export function checkAllLabels(call: string, labels: readonly LabelRule[], inputs: object): void {
  for (let i = 0; i < labels.length; i++) {
    const { name, classes, ignored } = labels[i]!;
    checkLabels(call, name, (inputs as Named<Int32Array>)[name]!, classes, ignored);
  }
}
