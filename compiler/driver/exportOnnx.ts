/**
 * `exportOnnx` of the library's API: a model and its weights as the bytes of an ONNX file. The graph is the model's
 * own, or with `folded` the result of the passes that are not specific to kernels.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { buildGraph } from '../frontend/buildGraph.ts';
import { initializeParameters } from '../frontend/initialize.ts';
import { matchWeights } from '../frontend/matchWeights.ts';
import { isModel, type Model } from '../frontend/model.ts';
import { absent, flag, readOptions } from '../frontend/options.ts';
import type { Refuse } from '../frontend/refuse.ts';
import { describe } from '../frontend/tensor.ts';
import { exportGraph } from '../exporters/onnx/exportGraph.ts';
import { passesFor } from '../passes/index.ts';
import { runPasses } from '../passes/run.ts';
import { openOwnWeights, openWeights } from './files.ts';
import type { CompilerHost } from './host.ts';
import {
  DEFAULT_SEED,
  ownWeightsOf,
  refuseSeed,
  seedReader,
  shapeReaders,
  weightsReader,
} from './options.ts';
import { parametersOf, type WeightFile } from './weights.ts';

/** Options of `exportOnnx`. */
export interface ExportOptions {
  /** Replaces the first extent of every input, the batch. */
  readonly batch?: number;
  /** Replaces whole shapes, by the input's name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /**
   * A PyTorch state dict, as safetensors or as torch.save writes it: the file's path or its bytes. Default: the file that
   * the model names, if it names one.
   */
  readonly weights?: string | Uint8Array;
  /** Seed for random weights. Default: 1, if neither the options nor the model name weights. */
  readonly seed?: number;
  /** Folds batch norms and scales into neighbouring layers, and computes constants; default false. */
  readonly folded?: boolean;
}

export function exportOnnx(
  model: Model,
  options: ExportOptions,
  host: Pick<CompilerHost, 'files'>,
): Uint8Array {
  if (!isModel(model))
    refuse('CNNC1003', `the model is ${describe(model)}, expected a result of defineModel`);
  const { batch, inputs, weights, seed, folded = false } = readOptions(wrongOption, options, READERS);
  if (weights !== undefined && seed !== undefined) refuseSeed(refuse);
  const graph = buildGraph(model, { training: false, batch, inputs });
  const file = openFile(model, { weights, seed }, host);
  const parameters = file
    ? matchWeights(file.file, parametersOf(graph), file.name).weights
    : initializeParameters(graph, seed ?? DEFAULT_SEED);
  if (!folded) return exportGraph(graph, { parameters, bakes: false });
  return exportGraph(runPasses(graph, passesFor('export')), { parameters, bakes: true });
}

const refuse: Refuse = (code, found) => fail(code, 'exportOnnx', {}, found);

const wrongOption = (found: string): never => refuse('CNNC4020', found);

/** The weights that are given, or those that the model names. Undefined if they are to be random. */
function openFile(
  model: Model,
  { weights, seed }: Pick<ExportOptions, 'weights' | 'seed'>,
  host: Pick<CompilerHost, 'files'>,
): WeightFile | undefined {
  if (weights !== undefined) return openWeights(weights, host, 'exportOnnx');
  const own = ownWeightsOf(model, { weights, seed });
  return own === undefined ? undefined : openOwnWeights(own, host, 'exportOnnx');
}

const READERS = {
  ...shapeReaders,
  weights: absent(weightsReader),
  seed: absent(seedReader),
  folded: absent(flag),
};
