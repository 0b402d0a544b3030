/**
 * Makes a model and its weights of a file's graph. The model records the graph again for every graph that is built,
 * so values that were computed from shapes follow the shapes of the inputs.
 */
import { fail } from '../../diagnostics/diagnostic.ts';
import { defineModel, type Model, type Tensors } from '../../frontend/model.ts';
import { appendInput, createNet, createNetState, type Net } from '../../frontend/net.ts';
import { writeSafetensors } from '../../frontend/safetensors.ts';
import { createRecorder, live, recordInput, shapeOf, type Recorder, type Value } from './calls.ts';
import { settleInputs, typeOf, type GivenShapes, type ModelInput, type Subject } from './inputs.ts';
import { known, resetBudget } from './known.ts';
import { claimIdentifier } from './names.ts';
import type { SourceGraph } from './sourceGraph.ts';

/** Options of `recordModel`. */
export interface RecordOptions extends Subject {
  /** The model's name. */
  readonly name: string;
  readonly inputs?: GivenShapes;
}

/** An imported model file. */
export interface Imported {
  /** The model, for `compile` and `exportOnnx`. */
  readonly model: Model;
  /** The weights as a safetensors file, by the model's names. */
  readonly weights: Uint8Array;
}

/** An imported model with what printing needs. */
export interface Recorded extends Imported {
  /** The recording for the model's own input shapes. */
  readonly recorder: Recorder;
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  readonly inputs: readonly string[];
}

export function recordModel(graph: SourceGraph, options: RecordOptions): Recorded {
  const { subject, file, name } = options;
  if (graph.outputs.length === 0) fail('CNNC3015', subject, { file }, 'the graph has no outputs');
  const all = settleInputs(graph.inputs, options.inputs ?? {}, options);
  const inputs = all.filter(hasElements);
  const run = (net: Net, tensors: Tensors): Run => {
    const recorder = createRecorder(net, subject, file);
    return { recorder, values: graph.record(recorder, inputValues(recorder, all, tensors)) };
  };
  const first = recordOnce(name, inputs, run);
  // Constants that are outputs become weights too.
  for (const value of first.values) if (!shapeOf(value).includes(0)) live(first.recorder, value);
  const names = claimNames(graph.outputs);
  return {
    model: defineModelOf(name, inputs, names, subject, run),
    weights: weightsFile(first.recorder),
    recorder: first.recorder,
    outputs: first.values.map((value, i) => ({ name: names[i]!, value })),
    inputs: inputs.map((input) => input.name),
  };
}

interface Run {
  readonly recorder: Recorder;
  readonly values: readonly Value[];
}

type RunOn = (net: Net, tensors: Tensors) => Run;

const hasElements = ({ shape }: ModelInput): boolean => !shape.includes(0);

/** An input without elements is left out of the model, because there is nothing to pass. */
const inputValues = (
  r: Recorder,
  inputs: readonly ModelInput[],
  tensors: Tensors,
): ReadonlyMap<string, Value> =>
  new Map(
    inputs.map((input) => [
      input.source,
      hasElements(input)
        ? recordInput(r, tensors[input.name]!, input.dtype)
        : known(input.dtype, input.shape, []),
    ]),
  );

/** Records once on a separate net, for the weights and for printing. */
function recordOnce(name: string, inputs: readonly ModelInput[], run: RunOn): Run {
  const state = createNetState(name, { training: false });
  const tensors = inputs.map(
    (input) => [input.name, appendInput(state, input.name, typeOf(input), {})] as const,
  );
  return run(createNet(state), Object.fromEntries(tensors));
}

function defineModelOf(
  name: string,
  inputs: readonly ModelInput[],
  outputs: readonly string[],
  subject: string,
  run: RunOn,
): Model {
  // A model whose outputs depend on no input gets a dummy input: it can be examined but not compiled.
  const none: ModelInput = { name: 'none', dtype: 'f32', shape: [1], source: '' };
  const types = inputs.length > 0 ? inputs : [none];
  return defineModel({
    name,
    inputs: Object.fromEntries(types.map((input) => [input.name, typeOf(input)])),
    build(net: Net, tensors: Tensors): Tensors {
      resetBudget(subject);
      const { recorder, values } = run(net, tensors);
      return Object.fromEntries(values.map((value, i) => [outputs[i]!, live(recorder, value).tensor]));
    },
  });
}

function claimNames(outputs: readonly string[]): string[] {
  const taken = new Set<string>();
  return outputs.map((name) => claimIdentifier(taken, name, 'output'));
}

function weightsFile({ weights }: Recorder): Uint8Array {
  const tensors = [...weights].map(([name, { shape, data }]) => ({
    name,
    shape,
    data: data instanceof Float32Array ? data : Float32Array.from(data),
  }));
  return writeSafetensors(tensors);
}
