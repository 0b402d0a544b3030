/** The TypeScript target's packages against PyTorch: forward, loss, every gradient, and three steps of each optimizer. */
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { TrainOptions } from '../../compiler/trainingPipeline.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import { lossGradient } from './lossGradient.ts';
import {
  hyperparametersOf,
  modelOf,
  optimizerNames,
  oracleCases,
  oracleError,
  toleranceOf,
  type OracleCase,
  type OracleOptimizer,
} from './oracle.ts';
import { createWorkplace, weightsFile, weightsOf, type Arrays, type TrainingPackage } from './trainer.ts';

// Formatting takes two thirds of a compile and changes no number; training.test.ts runs formatted packages.
vi.mock('prettier', () => ({ format: (source: string) => Promise.resolve(source) }));

/** PyTorch decays biases too, and in evaluation mode gradients flow through the running statistics. */
const trainOptions = ({ mode }: OracleCase, optimizer: OracleOptimizer): TrainOptions => ({
  optimizer,
  decays: () => true,
  frozen: () => mode === 'eval',
});

const startWeights = ({ params, buffers, tensors }: OracleCase): Uint8Array =>
  weightsFile([
    ...params.map((name) => [name, tensors[`param:${name}`]!] as const),
    ...buffers.map((name) => [name, tensors[`buffer:${name}`]!] as const),
  ]);

/** Class numbers are stored as floats. */
function inputsOf({ loss, tensors }: OracleCase): {
  readonly input: Float32Array;
  readonly target: Arrays[string];
} {
  const [input, target] = [tensors['input']!.data, tensors['target']!.data];
  return { input, target: loss === 'cross_entropy' ? Int32Array.from(target) : target };
}

function expectTensor(oracle: OracleCase, name: string, actual: ArrayLike<number> | undefined): void {
  const expected = oracle.tensors[name]!;
  expect(actual, name).toBeDefined();
  expect(oracleError(actual!, expected), name).toBeLessThanOrEqual(toleranceOf(expected));
}

describeWithTestdata('the oracle in packages of the TypeScript target', () => {
  const workplace = createWorkplace();
  afterAll(() => workplace.remove(), 60_000);

  describe.each(oracleCases().map((oracle) => [oracle.name, oracle] as const))('%s', (_, oracle) => {
    const { input, target } = inputsOf(oracle);
    const packages = new Map<OracleOptimizer, Promise<TrainingPackage>>();
    const packageFor = (optimizer: OracleOptimizer): Promise<TrainingPackage> => {
      const known =
        packages.get(optimizer) ?? workplace.compile(modelOf(oracle), trainOptions(oracle, optimizer));
      packages.set(optimizer, known);
      return known;
    };

    it('has its output, gradients and running statistics', async () => {
      const { load } = await packageFor('sgd');
      const trainer = await load(startWeights(oracle));
      const { output } = trainer.forward({ input });
      expectTensor(oracle, 'output', output);
      const after = weightsOf(trainer);
      const statistics = Object.keys(oracle.tensors).filter((key) => key.startsWith('after:'));
      for (const key of statistics) expectTensor(oracle, key, after[key.slice('after:'.length)]);
      const { inputs, parameters } = trainer.backward({ output: lossGradient(oracle.loss, output!, target) });
      expectTensor(oracle, 'grad:input', inputs['input']);
      for (const name of oracle.params) expectTensor(oracle, `grad:${name}`, parameters[name]);
      // The inference program folds the running statistics that an evaluation-mode training step keeps.
      if (oracle.mode === 'eval') expectTensor(oracle, 'output', trainer.predict({ input })['output']);
    });

    it.each(optimizerNames)('has its losses and parameters after three steps of %s', async (optimizer) => {
      const { load } = await packageFor(optimizer);
      const trainer = await load(startWeights(oracle), hyperparametersOf(oracle, optimizer));
      const losses = Array.from({ length: oracle.steps }, () => trainer.trainStep({ input, target }).loss);
      expectTensor(oracle, `${optimizer}:losses`, losses);
      expect(oracleError(losses.slice(0, 1), oracle.tensors['loss']!)).toBeLessThanOrEqual(1e-5);
      const after = weightsOf(trainer);
      const changed = oracle.mode === 'train' ? [...oracle.params, ...oracle.buffers] : oracle.params;
      for (const name of changed) expectTensor(oracle, `${optimizer}:${name}`, after[name]);
    });
  });
});
