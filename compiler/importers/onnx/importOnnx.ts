/**
 * An ONNX file as a model and its weights. The model translates the graph anew for every input shape, so that
 * what was computed from shapes follows them.
 */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { defineModel, type Model, type Tensors } from '../../frontend/model.ts';
import { appendInput, createNet, createNetState, type Net } from '../../frontend/net.ts';
import { writeSafetensors } from '../../frontend/safetensors.ts';
import type { DType, TensorType } from '../../ir/types.ts';
import { createRecorder, live, shapeOf, type Recorder, type Value } from '../recorded/calls.ts';
import { externalReader } from './external.ts';
import { isFloat, known, resetBudget, type Known, type OnnxDType } from '../recorded/known.ts';
import { claimIdentifier, modelName } from '../recorded/names.ts';
import { readOnnxModel } from './readModel.ts';
import { dtypeOf, readKnown } from './tensor.ts';
import { checkSupported, inputsOf, shown, translate, type GraphInput } from './translate.ts';
import type { OnnxModel } from './types.ts';

export interface ImportOptions {
  /** The model's name; default: the file's. */
  readonly name?: string;
  /** Whole shapes by the input's name, in the file or in the model: for extents that the file leaves open. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** Where `external_data` lies, where the model is given as bytes; default: the file's folder. */
  readonly folder?: string;
}

export interface Imported {
  readonly model: Model;
  /** safetensors, by the model's names. */
  readonly weights: Uint8Array;
}

/** What printing needs as well. */
export interface Translated extends Imported {
  /** As they were recorded for the model's own input shapes. */
  readonly recorder: Recorder;
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  readonly inputs: readonly string[];
}

export function importOnnx(source: string | Uint8Array, options: ImportOptions = {}): Imported {
  const { model, weights } = translateOnnx(source, options);
  return { model, weights };
}

export function translateOnnx(source: string | Uint8Array, options: ImportOptions = {}): Translated {
  const file = typeof source === 'string' ? source : (options.name ?? 'model.onnx');
  const bytes = typeof source === 'string' ? readFile(source) : source;
  const folder = options.folder ?? (typeof source === 'string' ? dirname(source) : undefined);
  const model = readOnnxModel(bytes, file);
  const name = modelName(options.name ?? basename(file).replace(/\.onnx$/i, ''));
  return translateModel(model, { ...options, name, file, folder });
}

function readFile(file: string): Uint8Array {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) fail('onnx', { file }, 'there is no such file');
  if (!stats!.isFile()) fail('onnx', { file }, 'this is a folder, expected an .onnx file');
  return readFileSync(file);
}

export interface TranslateOptions extends ImportOptions {
  readonly name: string;
  readonly file: string;
}

interface Input {
  /** In the file. */
  readonly source: string;
  /** In the model: an identifier. */
  readonly name: string;
  readonly dtype: OnnxDType;
  readonly shape: readonly number[];
}

export function translateModel(onnx: OnnxModel, options: TranslateOptions): Translated {
  const { file, name } = options;
  checkSupported(onnx, file);
  if (onnx.graph.outputs.length === 0) fail('onnx', { file }, 'the graph has no outputs');
  resetBudget();
  const initializers = readInitializers(onnx, options);
  const all = readInputs(onnx, options);
  // Without elements there is nothing to hand in.
  for (const { source, dtype, shape } of all)
    if (shape.includes(0)) initializers.set(source, known(dtype, shape, []));
  const inputs = all.filter(({ shape }) => !shape.includes(0));
  const outputNames = namesOf(onnx);
  const run = (net: Net, tensors: Tensors): { recorder: Recorder; values: Value[] } => {
    const recorder = createRecorder(net, file);
    const given = inputs.map(({ source, name: own, dtype }): GraphInput => {
      return { name: source, dtype, tensor: tensors[own]! };
    });
    return { recorder, values: translate(recorder, onnx, initializers, given) };
  };
  const first = record(name, inputs, run);
  // Constants that are outputs are weights too.
  for (const value of first.values) if (!shapeOf(value).includes(0)) live(first.recorder, value);
  const outputs = first.values.map((value, i) => ({ name: outputNames[i]!, value }));
  const model = defineModelOf(name, inputs, outputNames, run);
  return {
    model,
    weights: weightsFile(first.recorder),
    recorder: first.recorder,
    outputs,
    inputs: inputs.map((input) => input.name),
  };
}

type Run = (net: Net, tensors: Tensors) => { readonly recorder: Recorder; readonly values: readonly Value[] };

/** Once, on a net of its own: for the weights, and for whoever prints the calls. */
function record(name: string, inputs: readonly Input[], run: Run) {
  const state = createNetState(name, { training: false });
  const tensors = inputs.map(
    (input) => [input.name, appendInput(state, input.name, typeOf(input), {})] as const,
  );
  return run(createNet(state), Object.fromEntries(tensors));
}

const typeOf = ({ dtype, shape }: Input): TensorType => ({ dtype: graphType(dtype), shape });

const graphType = (dtype: OnnxDType): DType => (isFloat(dtype) ? 'f32' : 'i32');

function defineModelOf(name: string, inputs: readonly Input[], outputs: readonly string[], run: Run): Model {
  // A model whose outputs hang on no input has none: it is only looked at, never compiled.
  const types =
    inputs.length > 0 ? inputs : [{ name: 'none', dtype: 'f32', shape: [1], source: '' } as Input];
  return defineModel({
    name,
    inputs: Object.fromEntries(types.map((input) => [input.name, typeOf(input)])),
    build(net: Net, tensors: Tensors): Tensors {
      resetBudget();
      const { recorder, values } = run(net, tensors);
      return Object.fromEntries(values.map((value, i) => [outputs[i]!, live(recorder, value).tensor]));
    },
  });
}

function readInitializers({ graph }: OnnxModel, { file, folder }: TranslateOptions): Map<string, Known> {
  const external = externalReader(folder, file);
  const values = new Map<string, Known>();
  for (const tensor of graph.initializers) {
    if (values.has(tensor.name)) fail('onnx', { file }, `two initializers are called ${shown(tensor.name)}`);
    values.set(tensor.name, readKnown(tensor, file, external));
  }
  return values;
}

function readInputs({ graph }: OnnxModel, { file, inputs = {} }: TranslateOptions): Input[] {
  // A map: names from the file must not find what every object has.
  const wanted = new Map(Object.entries(inputs));
  const taken = new Set<string>();
  const used = new Set<string>();
  const open: string[] = [];
  const read = inputsOf(graph).map(({ name: source, type, shape }): Input => {
    const name = claimIdentifier(taken, source, 'input');
    const dtype = dtypeOf(type);
    if (!dtype || !shape) return fail('onnx', { file }, `the input ${shown(source)} is no tensor of numbers`);
    const key = wanted.has(name) ? name : source;
    used.add(key);
    const extents = shape.map((extent, axis) => extentOf(extent, axis, wanted.get(key)));
    if (extents.includes(undefined))
      open.push(`--input ${name}=${shape.map((e) => (e === '' ? '?' : e)).join('x')}`);
    return { source, name, dtype, shape: extents.map((extent) => extent ?? 1) };
  });
  if (open.length > 0)
    fail('onnx', { file }, 'the file leaves extents of its inputs open, they must be given', open.map(shown));
  const unknown = [...wanted.keys()].find((key) => !used.has(key));
  if (unknown !== undefined)
    fail('onnx', { file }, `there is no input ${shown(unknown)}`, [`it has ${[...taken].join(', ')}`]);
  return read.map((input) => checkedInput(input, wanted.get(input.name) ?? wanted.get(input.source), file));
}

/** An open batch is 1. */
function extentOf(
  extent: number | string,
  axis: number,
  wanted: readonly number[] | undefined,
): number | undefined {
  if (wanted) return wanted[axis];
  if (typeof extent === 'number' && extent >= 0) return extent;
  return axis === 0 ? 1 : undefined;
}

function checkedInput(input: Input, wanted: readonly number[] | undefined, file: string): Input {
  const { source, shape } = input;
  const refuse = (found: string): never => fail('onnx', { file }, `the input ${shown(source)} ${found}`);
  if (wanted && wanted.length !== shape.length) refuse(`has rank ${shape.length}, not ${wanted.length}`);
  if (shape.length === 0) refuse('is a scalar, expected a batch first');
  if (!shape.every(Number.isSafeInteger)) refuse(`has the shape [${shape.join(',')}]`);
  return input;
}

function namesOf({ graph }: OnnxModel): string[] {
  const taken = new Set<string>();
  return graph.outputs.map(({ name }) => claimIdentifier(taken, name, 'output'));
}

function weightsFile({ weights }: Recorder): Uint8Array {
  const tensors = [...weights].map(([name, { shape, data }]) => ({
    name,
    shape,
    data: data instanceof Float32Array ? data : Float32Array.from(data),
  }));
  return writeSafetensors(tensors);
}
