/** Reads an ONNX file into a graph that can be recorded. */
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Known } from '../recorded/known.ts';
import { shown } from '../recorded/names.ts';
import type { SourceGraph, SourceInput } from '../recorded/sourceGraph.ts';
import type { ModelSource } from '../types.ts';
import { externalReader } from './external.ts';
import { readOnnxModel } from './readModel.ts';
import { dtypeOf, readKnown } from './tensor.ts';
import { checkSupported, inputsOf, translate } from './translate.ts';
import type { OnnxModel } from './types.ts';

export const readOnnx = (source: ModelSource): SourceGraph =>
  graphOf(readOnnxModel(source.bytes, source.file), source);

/** Makes the graph of messages that have been read. */
export function graphOf(model: OnnxModel, source: Omit<ModelSource, 'bytes'>): SourceGraph {
  checkSupported(model, source.file);
  const initializers = readInitializers(model, source);
  return {
    inputs: readInputs(model, source.file),
    outputs: model.graph.outputs.map(({ name }) => name),
    record: (r, inputs) => translate(r, model, new Map([...initializers, ...inputs])),
  };
}

function readInitializers(
  { graph }: OnnxModel,
  { file, files }: Omit<ModelSource, 'bytes'>,
): ReadonlyMap<string, Known> {
  const external = externalReader(files, file);
  const values = new Map<string, Known>();
  for (const tensor of graph.initializers) {
    if (values.has(tensor.name))
      fail('CNNC3014', 'onnx', { file }, `two initializers have the name ${shown(tensor.name)}`);
    values.set(tensor.name, readKnown(tensor, file, external));
  }
  return values;
}

const readInputs = ({ graph }: OnnxModel, file: string): SourceInput[] =>
  inputsOf(graph).map(({ name, type, shape }) => {
    const dtype = dtypeOf(type);
    if (!dtype || !shape)
      return fail('CNNC3019', 'onnx', { file }, `the input ${shown(name)} is not a tensor of numbers`);
    return { name, dtype, shape };
  });
