/**
 * `exportOnnx` of the library: a model and its weights as the bytes of an ONNX file, which every engine reads.
 * The graph is the model's own, or with `folded` what the passes make of it before they fuse.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { buildGraph } from '../frontend/buildGraph.ts';
import { initializeParameters } from '../frontend/initialize.ts';
import { matchWeights } from '../frontend/matchWeights.ts';
import { isModel, type Model } from '../frontend/model.ts';
import { absent, isWhole, readOptions, type Reader } from '../frontend/options.ts';
import { describe } from '../frontend/tensor.ts';
import { readWeights } from '../frontend/weightFile.ts';
import type { Graph } from '../ir/types.ts';
import { exportGraph } from '../exporters/onnx/exportGraph.ts';
import { fuse } from '../passes/fuse.ts';
import { filesOf, type CompilerHost } from './host.ts';
import { INFERENCE_PASSES, parametersOf, runPasses } from './pipeline.ts';

export interface ExportOptions {
  /** Replaces the first extent of every input. */
  readonly batch?: number;
  /** Replace whole shapes, by the input's name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** PyTorch's state dict, as safetensors or as torch.save writes it: the file's path, or its bytes. */
  readonly weights?: string | Uint8Array;
  /** Draws the weights where none are given; default 1. */
  readonly seed?: number;
  /** Batch norms and scales are folded into the layers beside them, and constants computed. */
  readonly folded?: boolean;
}

export function exportOnnx(
  model: Model,
  options: ExportOptions,
  host: Pick<CompilerHost, 'files'>,
): Uint8Array {
  if (!isModel(model)) refuse(`it was given ${describe(model)}, expected a model of defineModel`);
  const { batch, inputs, weights, seed, folded = false } = readExportOptions(options);
  if (weights !== undefined && seed !== undefined)
    refuse('the option seed draws weights and the option weights reads them, only one of the two can be');
  const graph = buildGraph(model, { training: false, batch, inputs });
  const parameters =
    weights === undefined ? initializeParameters(graph, seed ?? 1) : read(graph, weights, host);
  if (!folded) return exportGraph(graph, { parameters, bakes: false });
  return exportGraph(runPasses(graph, FOLDING_PASSES), { parameters, bakes: true });
}

/** What fusing makes is for kernels. */
const FOLDING_PASSES = INFERENCE_PASSES.slice(0, INFERENCE_PASSES.indexOf(fuse));

const refuse = (found: string): never => fail('exportOnnx', {}, found);

function read(
  graph: Graph,
  from: string | Uint8Array,
  host: Pick<CompilerHost, 'files'>,
): ReadonlyMap<string, Float32Array> {
  const name = typeof from === 'string' ? from : 'weights';
  const bytes =
    typeof from === 'string' ? filesOf(host, 'exportOnnx', 'weights').read('weights', from) : from;
  return matchWeights(readWeights(bytes, name), parametersOf(graph), name).weights;
}

const reader = <T>(expected: string, accepts: (value: unknown) => boolean): Reader<T> => ({
  expected,
  read: (value) => (accepts(value) ? (value as T) : undefined),
});

const readExportOptions = (options: ExportOptions) =>
  readOptions(refuse, options, {
    // The frontend checks shapes and names the model.
    batch: absent(reader<number>('', () => true)),
    inputs: absent(reader<Readonly<Record<string, readonly number[]>>>('', () => true)),
    weights: absent(
      reader<string | Uint8Array>(
        "a file's path or its bytes",
        (value) => typeof value === 'string' || value instanceof Uint8Array,
      ),
    ),
    seed: absent(reader<number>('a whole number from 0', (value) => isWhole(value, 0))),
    folded: absent(reader<boolean>('true or false', (value) => typeof value === 'boolean')),
  });
