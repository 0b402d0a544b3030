/**
 * From a model to its graph: f(inputs, parameters) = outputs. For training, batch norm takes the batch's
 * statistics, and the graph's updates move the running ones.
 */
import { Diagnostic, fail, nearest } from '../diagnostics/diagnostic.ts';
import type { Graph, NamedValue, TensorType } from '../ir/types.ts';
import { checkInputShape, type Model } from './model.ts';
import { createNet, createNetState, type NetState } from './net.ts';
import { isWhole } from './options.ts';
import { fromHere, isOurs, stackFrames } from './place.ts';
import { belongsTo, createTensor, describe, isTensor, type Tensor } from './tensor.ts';

export interface BuildOptions {
  readonly training: boolean;
  /** Replaces the first extent of every input. */
  readonly batch?: number;
  /** Replace whole shapes, by the input's name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

export function buildGraph(model: Model, options: BuildOptions): Graph {
  const refuse = (found: string, details?: readonly string[]): never =>
    fail('model', { path: model.name, ...model.place }, found, details);
  const state = createNetState(model.name, options.training);
  const inputs = Object.entries(inputTypes(model, options, refuse)).map(([name, type]) => {
    return [name, appendInput(state, model, name, type)] as const;
  });
  const built = callBuild(model, state, Object.fromEntries(inputs), refuse);
  return state.g.finish(readOutputs(built, state, refuse), state.updates);
}

type Refuse = (found: string, details?: readonly string[]) => never;

/** The model's inputs after `--batch` and `--input`. */
export function inputTypes(
  model: Model,
  { batch, inputs = {} }: Omit<BuildOptions, 'training'>,
  refuse: Refuse,
): Readonly<Record<string, TensorType>> {
  if (batch !== undefined && !isWhole(batch, 1))
    refuse(`the batch is ${batch}, expected a whole number from 1`);
  const names = Object.keys(model.inputs);
  const unknown = Object.keys(inputs).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, names);
    refuse(
      `there is no input ${unknown}, ${near ? `did you mean ${near}?` : `the model has ${names.join(', ')}`}`,
    );
  }
  const types = Object.entries(model.inputs).map(([name, type]) => {
    return [name, { ...type, shape: replaceShape(name, type.shape, inputs[name], batch, refuse) }] as const;
  });
  return Object.fromEntries(types);
}

function replaceShape(
  name: string,
  declared: readonly number[],
  wanted: readonly number[] | undefined,
  batch: number | undefined,
  refuse: Refuse,
): readonly number[] {
  if (!wanted) return batch === undefined ? declared : [batch, ...declared.slice(1)];
  checkInputShape(name, wanted, refuse);
  if (wanted.length !== declared.length) {
    refuse(`input ${name} has rank ${declared.length} ([${declared.join(',')}]), not ${wanted.length}`);
  }
  if (batch !== undefined && wanted[0] !== batch) {
    refuse(`the batch is ${batch}, but input ${name} is to be [${wanted.join(',')}]`);
  }
  return wanted;
}

function appendInput(state: NetState, model: Model, name: string, type: TensorType): Tensor {
  state.g.origin = { path: name, ...model.place };
  const value = state.g.node('input', [], { name, type });
  return createTensor(state, value, type.dtype, type.shape);
}

function callBuild(
  model: Model,
  state: NetState,
  inputs: Readonly<Record<string, Tensor>>,
  refuse: Refuse,
): unknown {
  try {
    return model.build(createNet(state), inputs);
  } catch (error) {
    if (error instanceof Diagnostic || !(error instanceof Error)) throw error;
    const [frame] = stackFrames(error.stack ?? '');
    // A mistake in the model's own code is the user's; one that happens inside of us is ours.
    if (!frame || isOurs(frame.file)) throw error;
    return refuse('build failed', [`${fromHere(frame.file)}:${frame.line}: ${error.name}: ${error.message}`]);
  }
}

function readOutputs(built: unknown, state: NetState, refuse: Refuse): NamedValue[] {
  const example = 'expected outputs by name, such as { logits }';
  if (built instanceof Promise) refuse(`build is asynchronous, it must return its outputs at once`);
  if (typeof built !== 'object' || built === null || isTensor(built) || Array.isArray(built)) {
    return refuse(`build returned ${built === undefined ? 'nothing' : describe(built)}, ${example}`);
  }
  const outputs = Object.entries(built);
  if (outputs.length === 0) refuse(`build returned an empty object, ${example}`);
  return outputs.map(([name, tensor]: [string, unknown]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) refuse(`the output's name ${describe(name)} is not an identifier`);
    if (!isTensor(tensor)) return refuse(`output ${name} is ${describe(tensor)}, expected a tensor`);
    if (!belongsTo(state, tensor))
      refuse(`output ${name} belongs to another net: it was kept from an earlier build`);
    return { name, value: tensor.value };
  });
}
