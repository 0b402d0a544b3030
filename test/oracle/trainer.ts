/** Compiles a model to a package that trains, writes it to a folder and imports it, as a user would. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import type { Model } from 'cnnc';
import { readSafetensors, toFloat32, writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { compile } from '../../compiler/index.ts';
import type { KnownTarget } from '../../compiler/targets/index.ts';
import type { TrainingSettings } from '../../compiler/driver/options.ts';
import type { Hyperparameters } from '../../runtime/training/hyperparameters.ts';

export type Arrays = Readonly<Record<string, Float32Array | Int32Array>>;

type FloatArrays = Readonly<Record<string, Float32Array>>;

/** What is used here of a generated package's trainer, without its names. */
export interface Trainer {
  trainStep(inputs: Arrays): { readonly loss: number };
  forward(inputs: Arrays): FloatArrays;
  predict(inputs: Arrays): FloatArrays;
  backward(gradients: FloatArrays): { readonly inputs: FloatArrays; readonly parameters: FloatArrays };
  exportWeights(): Uint8Array;
}

interface LoadOptions extends Partial<Hyperparameters> {
  readonly training: true;
  readonly weights: Uint8Array;
  /** wasm only: false takes the kernels without fused multiply-adds. */
  readonly relaxedSimd?: boolean;
}

export type Settings = Partial<Hyperparameters> & Pick<LoadOptions, 'relaxedSimd'>;

export interface TrainingPackage {
  /** A trainer of its own, from these weights. */
  load(weights: Uint8Array, settings?: Settings): Promise<Trainer>;
}

export interface CompileSettings {
  readonly training: TrainingSettings;
  /** Default: typescript. */
  readonly target?: KnownTarget;
  readonly batch?: number;
}

export interface Workplace {
  compile(model: Model, settings: CompileSettings): Promise<TrainingPackage>;
  remove(): void;
}

interface PackageModule {
  load(options: LoadOptions): Promise<Trainer>;
}

/** Node's own import: vitest's would translate every file of the package first. */
const importNatively = new Script('(url) => import(url)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as (url: string) => Promise<unknown>;

const importPackage = async (folder: string): Promise<PackageModule> =>
  (await importNatively(pathToFileURL(join(folder, 'index.js')).href)) as PackageModule;

/** A folder for packages; remove it when the tests are done. */
export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'cnnc-trainers-'));
  let count = 0;
  return {
    async compile(model, { training, target = 'typescript', batch }) {
      const options = { source: 'the test', targets: [target], training, batch };
      const { files } = await compile(model, options);
      const path = join(folder, `${count++}`);
      writePackage(path, files);
      const { load } = await importPackage(path);
      return { load: (weights, settings) => load({ ...settings, training: true, weights }) };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export const weightsFile = (tensors: Iterable<readonly [string, NamedTensor]>): Uint8Array =>
  writeSafetensors([...tensors].map(([name, { shape, data }]) => ({ name, shape, data })));

/** Parameters and running statistics by name. */
export function weightsOf(trainer: Trainer): FloatArrays {
  const { tensors } = readSafetensors(trainer.exportWeights(), 'exportWeights');
  return Object.fromEntries([...tensors].map(([name, tensor]) => [name, toFloat32(tensor)]));
}
