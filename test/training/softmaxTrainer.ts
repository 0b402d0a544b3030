/**
 * A trainer with the API of generated ones, small enough to read: softmax regression on the pixels, SGD with
 * momentum, in plain loops.
 *
 *   logits = image * weight^T + bias        weight f32[classes, pixels]
 */
import type { Fit, LoadedTrainer, Trainer } from '../../compiler/training/trainer.ts';
import type { Extents } from '../../compiler/training/dataset.ts';
import { fitClassifier } from '../../runtime/training/fit/fit.ts';
import type { FitOptions, FitPlan } from '../../runtime/training/fit/types.ts';
import {
  constantSchedule,
  cosineSchedule,
  linearWarmup,
  multiStepSchedule,
  stepSchedule,
} from '../../runtime/training/schedule.ts';
import {
  parseSafetensors,
  readMetadata,
  serializeSafetensors,
  type WeightEntry,
} from '../../runtime/weights.ts';

export const schedules = { constantSchedule, cosineSchedule, linearWarmup, multiStepSchedule, stepSchedule };

/** The part of the API that `fit` uses and `cnnc train` does not. */
export interface SoftmaxTrainer extends Trainer {
  readonly hyperparameters: Record<string, number> & { learningRate: number };
  trainStep(
    inputs: Parameters<Trainer['trainStep']>[0],
    options?: { readonly count?: number },
  ): ReturnType<Trainer['trainStep']>;
}

interface LoadedSoftmax extends LoadedTrainer {
  readonly trainer: SoftmaxTrainer;
  readonly plan: FitPlan;
}

export interface SoftmaxOptions {
  readonly batch: number;
  readonly extents: Extents;
  readonly classes: number;
  /** What the loss becomes at this step, counted from 1. */
  readonly broken?: { readonly step: number; readonly loss: number };
  /** Whether steps take a part of a batch. */
  readonly countsExamples?: boolean;
}

export function createSoftmaxTrainer({
  batch,
  extents,
  classes,
  broken,
  countsExamples = true,
}: SoftmaxOptions): LoadedSoftmax {
  const pixels = extents[0] * extents[1] * extents[2];
  const parameters: WeightEntry[] = ['fc.weight', 'fc.bias', 'fc.weight.velocity', 'fc.bias.velocity'].map(
    (name, i) => {
      const shape = i % 2 === 0 ? [classes, pixels] : [classes];
      return { name, shape, data: new Float32Array(i % 2 === 0 ? classes * pixels : classes) };
    },
  );
  const [weight, bias, weightVelocity, biasVelocity] = parameters.map(({ data }) => data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const logits = new Float32Array(batch * classes);
  const hyperparameters: SoftmaxTrainer['hyperparameters'] = { learningRate: 0.1, momentum: 0.9 };
  let step = 0;

  const forward = (image: Float32Array): void => {
    for (let i = 0; i < logits.length; i++) {
      const [n, c] = [Math.floor(i / classes), i % classes];
      let sum = bias[c]!;
      for (let p = 0; p < pixels; p++) sum += weight[c * pixels + p]! * image[n * pixels + p]!;
      logits[i] = sum;
    }
  };
  /** Softmax minus the target, over the examples that count: the gradient of the mean cross-entropy. */
  const lossAndGradient = (label: Int32Array, count: number): { loss: number; gradient: Float64Array } => {
    const gradient = new Float64Array(logits.length);
    let loss = 0;
    for (let n = 0; n < count; n++) {
      const scores = logits.subarray(n * classes, (n + 1) * classes);
      const powers = Array.from(scores, (score) => Math.exp(score - Math.max(...scores)));
      const sum = powers.reduce((a, b) => a + b, 0);
      loss -= Math.log(powers[label[n]!]! / sum) / count;
      powers.forEach((power, c) => {
        gradient[n * classes + c] = (power / sum - (c === label[n] ? 1 : 0)) / count;
      });
    }
    return { loss, gradient };
  };
  const update = (gradient: Float64Array, image: Float32Array): void => {
    const { learningRate, momentum } = hyperparameters as { learningRate: number; momentum: number };
    for (let c = 0; c < classes; c++) {
      for (let p = -1; p < pixels; p++) {
        let sum = 0;
        for (let n = 0; n < batch; n++) {
          sum += gradient[n * classes + c]! * (p < 0 ? 1 : image[n * pixels + p]!);
        }
        const [values, velocity, at] =
          p < 0 ? [bias, biasVelocity, c] : [weight, weightVelocity, c * pixels + p];
        velocity[at] = momentum * velocity[at]! + sum;
        values[at] = values[at]! - learningRate * velocity[at];
      }
    }
  };

  const trainer: SoftmaxTrainer = {
    hyperparameters,
    get step() {
      return step;
    },
    trainStep(inputs, { count = batch } = {}) {
      const [image, label] = [inputs['image'] as Float32Array, inputs['label'] as Int32Array];
      forward(image);
      const { loss, gradient } = lossAndGradient(label, count);
      update(gradient, image);
      step++;
      return { logits, loss: broken?.step === step ? broken.loss : loss };
    },
    predict(inputs) {
      forward(inputs['image']!);
      return { logits };
    },
    exportWeights: () => serializeSafetensors(parameters.slice(0, 2)),
    loadWeights: () => {
      throw new Error('not needed here');
    },
    saveState: () => serializeSafetensors(parameters, { step: String(step) }),
    loadState(bytes) {
      const tensors = parseSafetensors(bytes);
      for (const { name, data } of parameters) data.set(tensors.get(name)!.data);
      step = Number(readMetadata(bytes)['step']);
    },
    close: () => undefined,
  };
  const face = { name: 'softmax', image: 'image', label: 'label', scores: 'logits', batch, extents, classes };
  const plan = { ...face, countsExamples };
  const fit: Fit = (given, request) =>
    fitClassifier(given as SoftmaxTrainer, plan, request as unknown as FitOptions) as ReturnType<Fit>;
  return { ...face, trainer, schedules, fit, plan };
}
