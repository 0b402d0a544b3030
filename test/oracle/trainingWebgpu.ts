/**
 * Steps of a small LeNet on MNIST on WebGPU against PyTorch: losses, and after all hundred of them weights and accuracy.
 * Parameters and the optimizer's state stay on the GPU from the first step to the last.
 */
import { expect } from 'vitest';
import { toFloat32 } from '../../compiler/frontend/safetensors.ts';
import { trainingStepOf } from '../support/compiled.ts';
import { runningDevice } from '../support/gpu.ts';
import { webgpuTarget, withoutErrors } from '../support/gpuMachine.ts';
import { createGpuTrainer, type GpuTrainer } from '../support/gpuTrainer.ts';
import { maxRelativeError } from '../support/numbers.ts';
import {
  accuracyOf,
  batchOf,
  decays,
  largestDifference,
  lossTolerance,
  mnistCnn,
  readDigits,
  readTensors,
  TRAINED_TOLERANCE,
  trajectoryOf,
  type MnistRun,
  type Trajectory,
} from './references.ts';

const numbersIn = (path: string): Record<string, Float32Array> =>
  Object.fromEntries([...readTensors(path).tensors].map(([name, tensor]) => [name, toFloat32(tensor)]));

/** Trains the first steps of the trajectory and checks their losses. */
async function expectLosses(
  trainer: GpuTrainer,
  { batch, loss_every_step: f64, loss_every_step_f32: f32 }: Trajectory,
  steps: number,
): Promise<void> {
  const train = readDigits('train', batch * steps);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push(await trainer.trainStep(batchOf(train, i * batch, batch)));
  expect(losses).toHaveLength(steps);
  expect(largestDifference(losses, f64.slice(0, steps))).toBeLessThan(lossTolerance(f64, f32));
}

async function expectTrained(
  trainer: GpuTrainer,
  folder: string,
  tolerance: number,
  { batch, test_accuracy: wanted }: Trajectory,
) {
  const weights = await trainer.weights();
  for (const [name, numbers] of Object.entries(numbersIn(`${folder}/final_f64run.safetensors`)))
    expect(maxRelativeError(weights[name]!, numbers), name).toBeLessThan(tolerance);
  const logitsOf = (image: Float32Array) => trainer.predict({ image }, 'logits');
  expect(await accuracyOf(logitsOf, readDigits('t10k', 2000), batch)).toBeCloseTo(wanted, 6);
}

/** All steps: the weights and what they are good for as well. */
export async function expectTrajectory(
  [optimizer, hyperparameters]: MnistRun,
  steps?: number,
): Promise<void> {
  const { folder, trajectory } = trajectoryOf(optimizer);
  const training = trainingStepOf(mnistCnn, { optimizer, decays }, webgpuTarget, trajectory.batch);
  const gpu = await runningDevice();
  await withoutErrors(gpu, async () => {
    const trainer = createGpuTrainer(gpu, training, numbersIn(`${folder}/init.safetensors`), hyperparameters);
    await expectLosses(trainer, trajectory, steps ?? trajectory.loss_every_step.length);
    if (steps === undefined) {
      await expectTrained(trainer, folder, TRAINED_TOLERANCE[optimizer], trajectory);
    }
    await trainer.checkCanaries();
    trainer.destroy();
  });
}
