/** Models compiled into packages, and what the oracle says of the same model and weights. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { buildGraph, type Model } from '../../compiler/index.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { packageFiles } from '../../compiler/package/files.ts';
import type { PackageFiles } from '../../compiler/package/types.ts';
import { compileModel, parametersOf, type CompileOptions } from '../../compiler/pipeline.ts';
import { randomInput, randomWeights } from './weights.ts';

type NumberArray = Float32Array | Int32Array | Uint32Array;
export type Tensors = Readonly<Record<string, NumberArray>>;

/** Compiling takes a second or more, most of it for formatting. */
export const COMPILE_TIMEOUT = 120_000;

type Settings = Partial<Pick<CompileOptions, 'training'>>;

const compiled = new Map<Model, Promise<PackageFiles>>();

/** With random weights, for the TypeScript target; once for each model. */
export function compilePackage(model: Model, source: string, settings: Settings = {}): Promise<PackageFiles> {
  const known = compiled.get(model);
  if (known) return known;
  const options = { source, targets: ['typescript'] as const, weights: randomWeights, ...settings };
  const files = packageFiles(compileModel(model, options));
  compiled.set(model, files);
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
  load(options?: { weights?: URL | string | Uint8Array }): Promise<{
    forward(inputs: Tensors, out?: Tensors): Tensors;
  }>;
}

/** A package's `index.js`, as a program of the user's would import it. */
export const importPackage = async (folder: string): Promise<PackageModule> =>
  (await import(pathToFileURL(join(folder, 'index.js')).href)) as PackageModule;
