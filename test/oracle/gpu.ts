/**
 * The WebGPU target's programs on SwiftShader against PyTorch: forward, loss, every gradient, and three steps of
 * optimizers, with parameters that stay on the GPU. Which optimizers a file takes is its choice.
 */
import { describe, expect, it } from 'vitest';
import { inputGradientName, parameterGradientName } from '../../compiler/autodiff/trainingGraph.ts';
import type { TrainingStep } from '../../compiler/driver/trainingStep.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import type { Family } from '../../compiler/targets/webgpu/families.ts';
import { createWebgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { trainingStepOf } from '../support/compiled.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { withoutErrors } from '../support/gpuMachine.ts';
import { createGpuTrainer, gradientsOnGpu } from '../support/gpuTrainer.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import {
  hyperparametersOf,
  modelOf,
  oracleCases,
  oracleError,
  toleranceOf,
  type OracleCase,
  type OracleOptimizer,
} from './oracle.ts';

/** PyTorch decays biases too, and in evaluation mode gradients flow through the running statistics. */
const programFor = (oracle: OracleCase, optimizer: OracleOptimizer, target: Target): TrainingStep => {
  const options = { optimizer, decays: () => true, frozen: () => oracle.mode === 'eval' };
  return trainingStepOf(modelOf(oracle), options, target);
};

const startWeights = ({ params, buffers, tensors }: OracleCase) =>
  Object.fromEntries([
    ...params.map((name) => [name, tensors[`param:${name}`]!.data] as const),
    ...buffers.map((name) => [name, tensors[`buffer:${name}`]!.data] as const),
  ]);

const inputsOf = ({ tensors }: OracleCase) => ({
  input: tensors['input']!.data,
  target: tensors['target']!.data,
});

function expectTensor(oracle: OracleCase, name: string, actual: ArrayLike<number> | undefined): void {
  const expected = oracle.tensors[name]!;
  expect(actual, name).toBeDefined();
  expect(oracleError(actual!, expected), name).toBeLessThanOrEqual(toleranceOf(expected));
}

async function checkGradients(oracle: OracleCase, training: TrainingStep): Promise<void> {
  const gpu = await runningDevice();
  const { outputs, parameters } = await withoutErrors(gpu, () =>
    gradientsOnGpu(gpu, training, startWeights(oracle), inputsOf(oracle)),
  );
  expectTensor(oracle, 'output', outputs['output']);
  expectTensor(oracle, 'loss', outputs['loss']);
  expectTensor(oracle, 'grad:input', outputs[inputGradientName('input')]);
  for (const name of oracle.params)
    expectTensor(oracle, `grad:${name}`, outputs[parameterGradientName(name)]);
  const statistics = Object.keys(oracle.tensors).filter((key) => key.startsWith('after:'));
  for (const key of statistics) expectTensor(oracle, key, parameters[key.slice('after:'.length)]);
}

async function checkSteps(
  oracle: OracleCase,
  training: TrainingStep,
  optimizer: OracleOptimizer,
): Promise<void> {
  const gpu = await runningDevice();
  await withoutErrors(gpu, async () => {
    const hyperparameters = hyperparametersOf(oracle, optimizer);
    const trainer = createGpuTrainer(gpu, training, startWeights(oracle), hyperparameters);
    const losses: number[] = [];
    for (let step = 0; step < oracle.steps; step++) losses.push(await trainer.trainStep(inputsOf(oracle)));
    expectTensor(oracle, `${optimizer}:losses`, losses);
    const after = await trainer.weights();
    const changed = oracle.mode === 'train' ? [...oracle.params, ...oracle.buffers] : oracle.params;
    for (const name of changed) expectTensor(oracle, `${optimizer}:${name}`, after[name]);
    await trainer.checkCanaries();
    trainer.destroy();
  });
}

export function describeOracleOnGpu(
  optimizersOf: (index: number) => readonly OracleOptimizer[],
  family: Family = 'blocked',
): void {
  const target = createWebgpuTarget({ family });
  describeWithTestdata(`the oracle on WebGPU, ${family}`, () => {
    describeOnGpu('by SwiftShader', () => {
      describe.each(oracleCases().map((oracle, i) => [oracle.name, oracle, i] as const))(
        '%s',
        (_, oracle, i) => {
          const [first, ...others] = optimizersOf(i);

          it(`has its output, gradients and running statistics, and three steps of ${first}`, async () => {
            const training = programFor(oracle, first!, target);
            await checkGradients(oracle, training);
            await checkSteps(oracle, training, first!);
          });

          it.each(others)('has its losses and parameters after three steps of %s', (optimizer) =>
            checkSteps(oracle, programFor(oracle, optimizer, target), optimizer),
          );
        },
      );
    });
  });
}
