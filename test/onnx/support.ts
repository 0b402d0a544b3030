/** Runs ONNX models of the test data: import, graph, lowering, memory plan, and a target's kernels. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildGraph } from '../../compiler/frontend/buildGraph.ts';
import { readSafetensors, toFloat32 } from '../../compiler/frontend/safetensors.ts';
import type { Graph } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import { filesBeside } from '../../compiler/host/filesBeside.ts';
import { importWith, type ImportOptions } from '../../compiler/importers/importModel.ts';
import { onnx } from '../../compiler/importers/onnx/importer.ts';
import { graphOf, readOnnx } from '../../compiler/importers/onnx/readOnnx.ts';
import type { Known } from '../../compiler/importers/recorded/known.ts';
import type { Recorded } from '../../compiler/importers/recorded/recordModel.ts';
import { readOnnxModel, readOnnxTensor } from '../../compiler/importers/onnx/readModel.ts';
import { readKnown } from '../../compiler/importers/onnx/tensor.ts';
import type { OnnxModel, OnnxTensor } from '../../compiler/importers/onnx/types.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { TYPESCRIPT, WASM, WASM_EXACT, WASM_RELAXED, type Backend } from '../support/backends.ts';
import { runningDevice } from '../support/gpu.ts';
import { runOnGpu, webgpuTarget } from '../support/gpuMachine.ts';
import { runProgram, type Outputs } from '../support/runProgram.ts';
import { testdata } from '../support/testdata.ts';

export interface Runner {
  readonly name: string;
  run(graph: Graph, bindings: Bindings): Outputs;
}

/** Some have their results later. */
export interface AnyRunner {
  readonly name: string;
  run(graph: Graph, bindings: Bindings): Outputs | Promise<Outputs>;
}

const runnerOf = ({ name, target, machine }: Backend): Runner => ({
  name,
  run(graph, bindings) {
    const [program] = deduplicateKernels([lower(runPasses(graph, passesFor('inference')), target)]);
    return runProgram(program!, planMemory(program!), bindings, machine);
  },
});

/** A later target has its line here. */
export const RUNNERS: readonly Runner[] = [TYPESCRIPT, WASM].map(runnerOf);

/** Runs on SwiftShader. */
export const WEBGPU_RUNNER: AnyRunner = {
  name: 'webgpu',
  async run(graph, bindings) {
    const [program] = deduplicateKernels([lower(runPasses(graph, passesFor('inference')), webgpuTarget)]);
    return runOnGpu(await runningDevice(), program!, bindings);
  },
};

/** The wasm target's other ways, for the slow tests. */
export const OTHER_RUNNERS: readonly Runner[] = [WASM_RELAXED, WASM_EXACT].map(runnerOf);

export interface NodeCase {
  readonly model: OnnxModel;
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly Known[];
}

const noExternal = (): never => {
  throw new Error('test data has no external files');
};

export const numbersOf = (tensor: OnnxTensor): Known => readKnown(tensor, tensor.name, noExternal);

export function readCase(name: string): NodeCase {
  const folder = testdata(`onnx-node/${name}`);
  const model = readOnnxModel(readFileSync(`${folder}/model.onnx`), name);
  const files = readdirSync(`${folder}/test_data_set_0`);
  const read = (kind: string): OnnxTensor[] =>
    files
      .filter((file) => file.startsWith(`${kind}_`))
      .sort((a, b) => Number(/\d+/.exec(a)![0]) - Number(/\d+/.exec(b)![0]))
      .map((file) => readOnnxTensor(readFileSync(`${folder}/test_data_set_0/${file}`), file));
  return { model, inputs: read('input'), outputs: read('output').map(numbersOf) };
}

/** The same model with some of its inputs as initializers. */
export function bindInputs(
  { model, inputs }: NodeCase,
  isBound: (index: number, tensor: OnnxTensor) => boolean,
): OnnxModel {
  const { graph } = model;
  const bound = inputs.map((tensor, i) => isBound(i, tensor));
  const initializers = graph.inputs.flatMap(({ name }, i) => (bound[i] ? [{ ...inputs[i]!, name }] : []));
  return { ...model, graph: { ...graph, initializers: [...graph.initializers, ...initializers] } };
}

/** What the imported model's inputs are given; by the names that it has for them. */
export function bindingsOf(translated: Recorded, inputs: readonly Known[]): Bindings {
  const own = inputs.map(({ data }, i) => [translated.inputs[i]!, data] as const);
  const { tensors } = readSafetensors(translated.weights, 'weights');
  const weights = [...tensors.values()].map((tensor) => [tensor.name, toFloat32(tensor)] as const);
  return Object.fromEntries([...own, ...weights]);
}

/** A batch of numbers through the imported model. */
export function runBatch(runner: Runner, translated: Recorded, batch: number, input: Float32Array): Outputs {
  const graph = buildGraph(translated.model, { training: false, batch });
  const [name] = translated.inputs;
  return runner.run(graph, { ...bindingsOf(translated, []), [name!]: input });
}

/** Outputs in the graph's order, those known at import as they are. */
export async function runRecorded(
  runner: AnyRunner,
  translated: Recorded,
  inputs: readonly Known[],
): Promise<ArrayLike<number>[]> {
  const { model, outputs } = translated;
  if (outputs.every(({ value }) => value.kind === 'known')) {
    return outputs.map(({ value }) => (value as Known).data);
  }
  const graph = buildGraph(model, { training: false });
  const results = await runner.run(graph, bindingsOf(translated, inputs));
  return outputs.map(({ name }) => results[name]!);
}

export function importCase(model: OnnxModel, name: string): Recorded {
  const source = { bytes: new Uint8Array(), file: name };
  return importWith(() => graphOf(model, source), onnx, source, { name: name.replaceAll(/[^a-z0-9]/g, '-') });
}

/** An ONNX file's bytes; `folder` has the files that it names. */
export function importBytes(
  bytes: Uint8Array,
  { folder, ...options }: ImportOptions & { readonly folder?: string },
): Recorded {
  const files = folder === undefined ? undefined : filesBeside(folder);
  return importWith(readOnnx, onnx, { bytes, file: options.name ?? 'model.onnx', files }, options);
}

/** An ONNX file and those beside it. */
export function importPath(path: string): Recorded {
  const source = { bytes: readFileSync(path), file: path, files: filesBeside(dirname(path)) };
  return importWith(readOnnx, onnx, source);
}
