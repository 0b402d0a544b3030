/** Graphs to be exported, and what they compute: for the round trip through our importer and for onnxruntime. */
import { buildGraph } from '../../compiler/frontend/buildGraph.ts';
import { initializeParameters } from '../../compiler/frontend/initialize.ts';
import { matchWeights } from '../../compiler/frontend/matchWeights.ts';
import type { Model } from '../../compiler/frontend/model.ts';
import { readSafetensors, writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import type { Graph, OpName } from '../../compiler/ir/types.ts';
import { exportGraph } from '../../compiler/exporters/onnx/exportGraph.ts';
import { evaluateGraph, type Bindings, type Evaluation } from '../../compiler/ops/evaluate.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { graphBuilder } from '../../compiler/ops/infer.ts';
import type { Sample } from '../../compiler/ops/types.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import { randomNumbers, seedOf } from '../support/numbers.ts';
import type { Outputs } from '../support/runProgram.ts';
import { sampleArrays } from '../support/samples.ts';
import { RUNNERS } from './support.ts';

export interface SampleCase {
  readonly name: string;
  readonly op: OpName;
  readonly graph: Graph;
  /** Numbers of inputs, by name. */
  readonly inputs: Bindings;
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** The operators that have an ONNX form. */
export const exportedOps: readonly OpName[] = opNames.filter((op) => definitionOf<OpName>(op).onnx);

/** Every sample of them. The first operand and integers are inputs, other floats parameters, and so are scalars. */
export const sampleCases = (): SampleCase[] =>
  exportedOps.flatMap((op) => definitionOf(op).samples.map((sample) => sampleCase(op, sample)));

function sampleCase(op: OpName, sample: Sample<OpName>): SampleCase {
  const g = graphBuilder(op);
  const arrays = sampleArrays(op, sample);
  const inputs: Record<string, ArrayLike<number>> = {};
  const parameters = new Map<string, Float32Array>();
  const operands = sample.inputs.map(({ dtype, shape }, i) => {
    const [name, type] = [`operand${i}`, { dtype, shape }];
    const isParameter = dtype === 'f32' && (i > 0 || shape.length === 0);
    if (!isParameter) {
      inputs[name] = arrays[i]!;
      return g.node('input', [], { name, type });
    }
    parameters.set(name, arrays[i] as Float32Array);
    return g.node('parameter', [], {
      name,
      type,
      role: 'weight',
      initializer: { kind: 'constant', value: 0 },
    });
  });
  const result = g.node(op, operands, sample.attrs);
  const graph = g.finish([{ name: 'result', value: result }]);
  return { name: `${op}: ${sample.name}`, op, graph, inputs, parameters };
}

export const exportCase = ({ graph, parameters }: SampleCase, bakes = false): Uint8Array =>
  exportGraph(graph, { parameters, bakes });

export const evaluateCase = ({ graph, inputs, parameters }: SampleCase): Evaluation['outputs'] =>
  evaluateGraph(graph, { ...inputs, ...Object.fromEntries(parameters) }).outputs;

/** First weights, but for running statistics, which are such that a batch norm does something. As safetensors. */
export function livelyWeights(model: Model): Uint8Array {
  const graph = buildGraph(model, { training: false });
  const values = initializeParameters(graph, 1);
  return writeSafetensors(
    parametersOf(graph).map(({ name, shape }) => {
      const data = values.get(name)!;
      const random = randomNumbers(seedOf(name));
      if (name.endsWith('running_mean')) data.forEach((_, i) => (data[i] = 0.2 * random() - 0.1));
      if (name.endsWith('running_var')) data.forEach((_, i) => (data[i] = 0.75 + 0.5 * random()));
      return { name, shape, data };
    }),
  );
}

/** The outputs of a compiled model; `weights` as safetensors. */
export function runModel(model: Model, weights: Uint8Array, inputs: Bindings): Outputs {
  const graph = buildGraph(model, { training: false });
  const { weights: parameters } = matchWeights(
    readSafetensors(weights, 'weights'),
    parametersOf(graph),
    'weights',
  );
  return RUNNERS[0]!.run(graph, { ...Object.fromEntries(parameters), ...inputs });
}
