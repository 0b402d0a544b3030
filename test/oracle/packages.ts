/**
 * Packages of a target against PyTorch: forward, loss, every gradient, and three steps of optimizers. For the test files
 * of this folder; which optimizers and variants a file takes is its choice.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { TargetName } from '../../compiler/targets/index.ts';
import type { TrainingSettings } from '../../compiler/driver/options.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import { lossGradient } from './lossGradient.ts';
import {
  hyperparametersOf,
  modelOf,
  oracleCases,
  oracleError,
  toleranceOf,
  type OracleCase,
  type OracleOptimizer,
} from './oracle.ts';
import {
  createWorkplace,
  weightsFile,
  weightsOf,
  type Arrays,
  type Settings,
  type TrainingPackage,
} from './trainer.ts';

export interface Variant {
  readonly name: string;
  readonly settings: Pick<Settings, 'relaxedSimd'>;
}

export interface Selection {
  readonly target: TargetName;
  /** How packages of the target may be loaded. */
  readonly variants: readonly Variant[];
  /** The package of the case with this number. The first one's package is asked for gradients too. */
  optimizersOf(index: number): readonly OracleOptimizer[];
}

/** PyTorch decays biases too, and in evaluation mode gradients flow through the running statistics. */
const trainOptions = ({ mode }: OracleCase, optimizer: OracleOptimizer): TrainingSettings => ({
  optimizer,
  decays: () => true,
  frozen: () => mode === 'eval',
});

const startWeights = ({ params, buffers, tensors }: OracleCase): Uint8Array =>
  weightsFile([
    ...params.map((name) => [name, tensors[`param:${name}`]!] as const),
    ...buffers.map((name) => [name, tensors[`buffer:${name}`]!] as const),
  ]);

interface Inputs {
  readonly input: Float32Array;
  readonly target: Arrays[string];
}

/** Class numbers are stored as floats. */
function inputsOf({ loss, tensors }: OracleCase): Inputs {
  const [input, target] = [tensors['input']!.data, tensors['target']!.data];
  return { input, target: loss === 'cross_entropy' ? Int32Array.from(target) : target };
}

function expectTensor(oracle: OracleCase, name: string, actual: ArrayLike<number> | undefined): void {
  const expected = oracle.tensors[name]!;
  expect(actual, name).toBeDefined();
  expect(oracleError(actual!, expected), name).toBeLessThanOrEqual(toleranceOf(expected));
}

async function checkGradients(
  oracle: OracleCase,
  { load }: TrainingPackage,
  settings: Settings,
): Promise<void> {
  const { input, target } = inputsOf(oracle);
  const trainer = await load(startWeights(oracle), settings);
  const { output } = trainer.forward({ input });
  expectTensor(oracle, 'output', output);
  const after = weightsOf(trainer);
  const statistics = Object.keys(oracle.tensors).filter((key) => key.startsWith('after:'));
  for (const key of statistics) expectTensor(oracle, key, after[key.slice('after:'.length)]);
  const gradient = lossGradient(oracle.loss, output!.slice(), target);
  const { inputs, parameters } = trainer.backward({ output: gradient });
  expectTensor(oracle, 'grad:input', inputs['input']);
  for (const name of oracle.params) expectTensor(oracle, `grad:${name}`, parameters[name]);
  // The inference program folds the running statistics that an evaluation-mode training step keeps.
  if (oracle.mode === 'eval') expectTensor(oracle, 'output', trainer.predict({ input })['output']);
}

async function checkSteps(
  oracle: OracleCase,
  { load }: TrainingPackage,
  optimizer: OracleOptimizer,
  settings: Settings,
): Promise<void> {
  const { input, target } = inputsOf(oracle);
  const hyperparameters = hyperparametersOf(oracle, optimizer);
  const trainer = await load(startWeights(oracle), { ...hyperparameters, ...settings });
  const losses = Array.from({ length: oracle.steps }, () => trainer.trainStep({ input, target }).loss);
  expectTensor(oracle, `${optimizer}:losses`, losses);
  expect(oracleError(losses.slice(0, 1), oracle.tensors['loss']!)).toBeLessThanOrEqual(1e-5);
  const after = weightsOf(trainer);
  const changed = oracle.mode === 'train' ? [...oracle.params, ...oracle.buffers] : oracle.params;
  for (const name of changed) expectTensor(oracle, `${optimizer}:${name}`, after[name]);
}

export function describeOracle({ target, variants, optimizersOf }: Selection): void {
  describeWithTestdata(`the oracle in packages of ${target}`, () => {
    const workplace = createWorkplace();
    afterAll(() => workplace.remove(), 60_000);

    describe.each(oracleCases().map((oracle, i) => [oracle.name, oracle, i] as const))(
      '%s',
      (_, oracle, index) => {
        const packages = new Map<OracleOptimizer, Promise<TrainingPackage>>();
        const packageFor = (optimizer: OracleOptimizer): Promise<TrainingPackage> => {
          const training = trainOptions(oracle, optimizer);
          const known = packages.get(optimizer) ?? workplace.compile(modelOf(oracle), { training, target });
          packages.set(optimizer, known);
          return known;
        };
        const optimizers = optimizersOf(index);

        describe.each(variants)('$name', ({ settings }) => {
          it('has its output, gradients and running statistics', async () =>
            checkGradients(oracle, await packageFor(optimizers[0]!), settings));

          it.each(optimizers)('has its losses and parameters after three steps of %s', async (optimizer) =>
            checkSteps(oracle, await packageFor(optimizer), optimizer, settings),
          );
        });
      },
    );
  });
}
