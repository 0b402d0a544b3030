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
import type { Graph } from '../ir/types.ts';
import { passesFor } from '../passes/index.ts';
import { runPasses } from '../passes/run.ts';
import { openWeights } from './files.ts';
import type { CompilerHost } from './host.ts';
import { DEFAULT_SEED, refuseSeed, seedReader, shapeReaders, weightsReader } from './options.ts';
import { parametersOf } from './weights.ts';

/** Options of `exportOnnx`. */
export interface ExportOptions {
  /** Replaces the first extent of every input, the batch. */
  readonly batch?: number;
  /** Replaces whole shapes, by the input's name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** A PyTorch state dict, as safetensors or as torch.save writes it: the file's path or its bytes. */
  readonly weights?: string | Uint8Array;
  /** Seed for random weights, if no weights are given; default 1. */
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
  const parameters =
    weights === undefined ? initializeParameters(graph, seed ?? DEFAULT_SEED) : read(graph, weights, host);
  if (!folded) return exportGraph(graph, { parameters, bakes: false });
  return exportGraph(runPasses(graph, passesFor('export')), { parameters, bakes: true });
}

const refuse: Refuse = (code, found) => fail(code, 'exportOnnx', {}, found);

const wrongOption = (found: string): never => refuse('CNNC4020', found);

function read(
  graph: Graph,
  from: string | Uint8Array,
  host: Pick<CompilerHost, 'files'>,
): ReadonlyMap<string, Float32Array> {
  const { file, name } = openWeights(from, host, 'exportOnnx');
  return matchWeights(file, parametersOf(graph), name).weights;
}

const READERS = {
  ...shapeReaders,
  weights: absent(weightsReader),
  seed: absent(seedReader),
  folded: absent(flag),
};
