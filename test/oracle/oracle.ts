/**
 * The 23 small nets of the test data's `oracle/`: each with its tensors as PyTorch computed them in f64
 * (output, loss, all gradients, running statistics, parameters after three steps of each optimizer), and as a
 * model of our own with the same names.
 */
import { readFileSync } from 'node:fs';
import { defineModel, type Model } from 'cnnc';
import type { OptimizerName } from '../../compiler/autodiff/optimizers/types.ts';
import type { Hyperparameters } from '../../runtime/training/hyperparameters.ts';
import { testdata } from '../support/testdata.ts';
import { appendLayers, type LayerRecord } from './layers.ts';

export interface OracleTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** How far PyTorch's own f32 run is from these numbers, relative to the largest of them; 0 where given. */
  readonly f32Error: number;
}

export const optimizerNames = ['sgd', 'nesterov', 'rmsprop', 'adam'] as const satisfies OptimizerName[];
export type OracleOptimizer = (typeof optimizerNames)[number];

interface OptimizerSettings {
  readonly lr: number;
  readonly weight_decay: number;
  readonly momentum?: number;
  readonly alpha?: number;
  readonly eps?: number;
  readonly betas?: readonly [number, number];
}

interface CaseFile {
  readonly name: string;
  readonly mode: 'train' | 'eval';
  readonly loss: 'cross_entropy' | 'mse' | 'bce_with_logits';
  readonly output: string;
  readonly layers: readonly LayerRecord[];
  readonly params: readonly string[];
  readonly buffers: readonly string[];
  readonly optimizers: Readonly<Record<OracleOptimizer, OptimizerSettings>>;
  readonly steps: number;
  readonly bin: string;
  readonly tensors: Readonly<Record<string, TensorEntry>>;
}

interface TensorEntry {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly f32_err?: number;
}

export interface OracleCase extends Omit<CaseFile, 'tensors'> {
  /** `input`, `target`, `param:X`, `buffer:X`, `output`, `loss`, `grad:X`, `after:X`, `sgd:X`, `sgd:losses`, ... */
  readonly tensors: Readonly<Record<string, OracleTensor>>;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(testdata(`oracle/${file}`), 'utf8'));

/** Read while tests are collected: only inside of `describeWithTestdata`. */
export function oracleCases(): OracleCase[] {
  const { cases } = readJson('index.json') as { readonly cases: readonly { readonly name: string }[] };
  return cases.map(({ name }) => readCase(name));
}

function readCase(name: string): OracleCase {
  const file = readJson(`${name}.json`) as CaseFile;
  const bytes = new Uint8Array(readFileSync(testdata(`oracle/${file.bin}`)));
  const numbers = new Float32Array(bytes.buffer);
  const tensors = Object.entries(file.tensors).map(([key, { offset, shape, f32_err: f32Error = 0 }]) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return [key, { shape, data: numbers.subarray(offset, offset + size), f32Error }] as const;
  });
  return { ...file, tensors: Object.fromEntries(tensors) };
}

/** Inputs `input` and `target`, output `output`; parameters are called as in the case. */
export function modelOf({ name, loss, layers, tensors }: OracleCase): Model {
  const labels = loss === 'cross_entropy';
  return defineModel({
    name: name.toLowerCase(),
    inputs: { input: tensors['input']!.shape },
    build: (net, { input }) => ({ output: appendLayers(net, layers, input) }),
    targets: { target: { dtype: labels ? 'i32' : 'f32', shape: tensors['target']!.shape } },
    loss(net, { output }, { target }) {
      switch (loss) {
        case 'cross_entropy':
          return net.crossEntropy(output, target);
        case 'mse':
          return net.mseLoss(output, target);
        case 'bce_with_logits':
          return net.bceWithLogits(output, target);
      }
    },
  });
}

/** The settings by our names. */
export function hyperparametersOf(
  { optimizers }: OracleCase,
  optimizer: OracleOptimizer,
): Partial<Hyperparameters> {
  const { lr, weight_decay: weightDecay, momentum, alpha, eps, betas } = optimizers[optimizer];
  const given = {
    ...{ learningRate: lr, weightDecay, momentum, alpha, epsilon: eps },
    ...{ beta1: betas?.[0], beta2: betas?.[1] },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Tens of what f32 itself costs PyTorch. */
export const toleranceOf = ({ f32Error }: OracleTensor): number =>
  Math.min(Math.max(30 * f32Error, 1e-5), 1e-4);

/** The largest difference over the largest expected magnitude, which counts as 1e-6 at least (README of the oracle). */
export function oracleError(actual: ArrayLike<number>, { data }: OracleTensor): number {
  if (actual.length !== data.length) return Infinity;
  let [difference, magnitude] = [0, 1e-6];
  for (let i = 0; i < data.length; i++) {
    // NaN must not pass as no difference.
    if (!Number.isFinite(actual[i]!)) return Infinity;
    difference = Math.max(difference, Math.abs(actual[i]! - data[i]!));
    magnitude = Math.max(magnitude, Math.abs(data[i]!));
  }
  return difference / magnitude;
}
