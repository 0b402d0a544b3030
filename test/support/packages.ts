/** Models compiled into packages, and what the oracle says of the same model and weights. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { buildGraph, type Model } from '../../compiler/index.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import type { PackageFiles } from '../../compiler/emit/model.ts';
import { compile } from '../../compiler/index.ts';
import type { CompileOptions } from '../../compiler/driver/options.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { randomInput, randomWeights } from './weights.ts';

type NumberArray = Float32Array | Int32Array | Uint32Array;
export type Tensors = Readonly<Record<string, NumberArray>>;

/** Compiling takes a second or more, most of it for formatting. */
export const COMPILE_TIMEOUT = 120_000;

/**
 * How far a package's numbers may be from those in doubles, as a share of the largest: f32 weights, folded and rounded
 * again, and a rounding a layer are a few times 6e-8 for each of five. Other targets than `typescript` may sum in f32: 54 products
 * of a convolution are some 54 * 6e-8 at worst.
 */
export const TOLERANCES = Object.fromEntries(
  targetNames.map((name) => [name, name === 'typescript' ? 2e-6 : 1e-5]),
) as Readonly<Record<TargetName, number>>;

type Settings = Pick<CompileOptions, 'training' | 'targets' | 'inline' | 'batch' | 'fixedWeights'>;

const compiled = new Map<Model, Map<string, Promise<PackageFiles>>>();

/** With random weights, for the TypeScript target if nothing else is said; once for each model and settings. */
export function compilePackage(model: Model, source: string, settings: Settings = {}): Promise<PackageFiles> {
  const ofModel = compiled.get(model) ?? new Map<string, Promise<PackageFiles>>();
  compiled.set(model, ofModel);
  const key = JSON.stringify([source, settings]);
  const options = { source, targets: ['typescript'] as const, weights: randomWeights, ...settings };
  const files = ofModel.get(key) ?? compile(model, options).then((made) => made.files);
  ofModel.set(key, files);
  return files;
}

export const randomInputs = (model: Model): Tensors =>
  Object.fromEntries(Object.entries(model.inputs).map(([name, type]) => [name, randomInput(name, type)]));

/** The outputs in doubles, of the graph as the model describes it. */
export function oracleOutputs(model: Model, inputs: Tensors): Readonly<Record<string, ArrayLike<number>>> {
  const graph = buildGraph(model, { training: false });
  const weights = randomWeights(parametersOf(graph));
  return evaluateGraph(graph, { ...Object.fromEntries(weights), ...inputs }).outputs;
}

export interface PackageModule {
  /** `device` is for WebGPU, where `forward` returns a promise. */
  load(options?: { weights?: URL | string | Uint8Array; device?: GPUDevice }): Promise<{
    forward(inputs: Tensors, out?: Tensors): Tensors;
  }>;
}

/** A package's `index.js`, as a program of the user's would import it. */
export const importPackage = async (folder: string): Promise<PackageModule> =>
  (await import(pathToFileURL(join(folder, 'index.js')).href)) as PackageModule;
