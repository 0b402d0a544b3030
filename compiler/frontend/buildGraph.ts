/**
 * Builds the graph of a model: f(inputs, parameters) = outputs. A training graph differs in four ways: batch
 * norm uses the statistics of the batch, updates of the graph change the running statistics, the targets are
 * inputs too, and the last output is the scalar `loss`.
 */
import { Diagnostic, fail, nearest } from '../diagnostics/diagnostic.ts';
import type { Graph, NamedValue, TensorType } from '../ir/types.ts';
import { appendLoss, LOSS_OUTPUT } from './loss.ts';
import { checkInputShape, type InputKind, type Model, type Tensors } from './model.ts';
import { appendInput, createNet, createNetState, netMethods, SEED_INPUT, type NetState } from './net.ts';
import { isWhole } from './options.ts';
import { fromHere, isOurs, stackFrames } from './place.ts';
import type { Refuse } from './refuse.ts';
import { belongsTo, describe, isTensor, type Tensor } from './tensor.ts';
import { checkCalled } from './unknownLayer.ts';

/** Options of `buildGraph`. */
export interface BuildOptions {
  /** True for a training graph, false for inference. */
  readonly training: boolean;
  /** Replaces the first extent of every input and target. */
  readonly batch?: number;
  /** Replaces the whole shape of an input or a target, by its name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /**
   * Selects batch norms by the path of their layer. In training they use their running statistics and do not
   * change them.
   */
  readonly frozen?: (path: string) => boolean;
}

/**
 * Builds the graph of a model. Throws a `Diagnostic` if the options or the model's `build` or `loss` are
 * wrong.
 */
export function buildGraph(model: Model, options: BuildOptions): Graph {
  const refuse: Refuse = (code, found, details) =>
    fail(code, 'model', { path: model.name, ...model.place }, found, details);
  const state = createNetState(model.name, options);
  const types = inputTypes(model, options, refuse);
  if (options.training) checkReserved('input', Object.keys(types), refuse);
  const inputs = appendInputs(model, state, types);
  const outputs = readOutputs(
    callModel('build', () => model.build(createNet(state), inputs), state, refuse),
    state,
    refuse,
  );
  const results = Object.entries(outputs).map(([name, { value }]): NamedValue => ({ name, value }));
  if (!options.training) return state.g.finish(results, state.updates);
  const loss = lossOf(model, state, types, outputs, options, refuse);
  return state.g.finish([...results, { name: LOSS_OUTPUT, value: loss.value }], state.updates);
}

function lossOf(
  model: Model,
  state: NetState,
  inputs: Readonly<Record<string, TensorType>>,
  outputs: Tensors,
  options: BuildOptions,
  refuse: Refuse,
): Tensor {
  checkReserved('output', Object.keys(outputs), refuse);
  const types = targetTypes(model, inputs, options, refuse);
  checkReserved('target', Object.keys(types), refuse);
  const targets = appendInputs(model, state, types);
  const call = (action: () => unknown): unknown => callModel('loss', action, state, refuse);
  return appendLoss(model, state, { inputs: Object.keys(inputs), outputs, targets, call, refuse });
}

/** Refuses names that the training step itself uses. */
function checkReserved(kind: string, names: readonly string[], refuse: Refuse): void {
  const taken = names.find((name) => name === SEED_INPUT || name === LOSS_OUTPUT);
  if (taken !== undefined)
    refuse(
      'CNNC1023',
      `the ${kind} ${taken} needs another name: training adds an input or output with this name`,
    );
}

const appendInputs = (
  model: Model,
  state: NetState,
  types: Readonly<Record<string, TensorType>>,
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, appendInput(state, name, type, model.place)]),
  );

/** The options `--batch` and `--input`. */
export type ShapeOptions = Pick<BuildOptions, 'batch' | 'inputs'>;

/** The types of the model's inputs after `--batch` and `--input` are applied. */
export function inputTypes(
  model: Model,
  { batch, inputs = {} }: ShapeOptions,
  refuse: Refuse,
): Readonly<Record<string, TensorType>> {
  if (batch !== undefined && !isWhole(batch, 1))
    refuse('CNNC1025', `the batch is ${batch}, expected a whole number from 1`);
  const names = [...Object.keys(model.inputs), ...Object.keys(model.targets)];
  const unknown = Object.keys(inputs).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, names);
    refuse(
      'CNNC1024',
      `there is no input ${unknown}${near ? `, did you mean ${near}?` : `; the model has ${names.join(', ')}`}`,
    );
  }
  return replaceShapes('input', model.inputs, inputs, batch, refuse);
}

/** The types of the model's targets. Their batch is that of the inputs, which `inputTypes` returns. */
export function targetTypes(
  model: Model,
  inputs: Readonly<Record<string, TensorType>>,
  options: ShapeOptions,
  refuse: Refuse,
): Readonly<Record<string, TensorType>> {
  const [first] = Object.keys(inputs);
  const [declared, batch] = [model.inputs[first!]!.shape[0], inputs[first!]!.shape[0]];
  const changed = declared === batch ? options.batch : batch;
  return replaceShapes('target', model.targets, options.inputs ?? {}, changed, refuse);
}

function replaceShapes(
  kind: InputKind,
  types: Readonly<Record<string, TensorType>>,
  wanted: Readonly<Record<string, readonly number[]>>,
  batch: number | undefined,
  refuse: Refuse,
): Record<string, TensorType> {
  const replaced = Object.entries(types).map(([name, type]) => {
    const shape = replaceShape(kind, name, type.shape, wanted[name], batch, refuse);
    return [name, { ...type, shape }] as const;
  });
  return Object.fromEntries(replaced);
}

function replaceShape(
  kind: InputKind,
  name: string,
  declared: readonly number[],
  wanted: readonly number[] | undefined,
  batch: number | undefined,
  refuse: Refuse,
): readonly number[] {
  if (!wanted) return batch === undefined ? declared : [batch, ...declared.slice(1)];
  checkInputShape(kind, name, wanted, (found) => refuse('CNNC1025', found));
  if (wanted.length !== declared.length) {
    refuse(
      'CNNC1025',
      `${kind} ${name} has rank ${declared.length} ([${declared.join(',')}]), not ${wanted.length}`,
    );
  }
  if (batch !== undefined && wanted[0] !== batch) {
    refuse('CNNC1025', `the batch is ${batch}, but ${kind} ${name} is to be [${wanted.join(',')}]`);
  }
  return wanted;
}

/** Runs a function of the model file. */
function callModel(
  what: 'build' | 'loss',
  action: () => unknown,
  { unknown }: NetState,
  refuse: Refuse,
): unknown {
  try {
    return action();
  } catch (error) {
    if (error instanceof Diagnostic || !(error instanceof Error)) throw error;
    checkCalled(error, unknown, netMethods);
    const [frame] = stackFrames(error.stack ?? '');
    // A mistake in the model's own code is the user's mistake. Any other error is a bug in the compiler.
    if (!frame || isOurs(frame.file)) throw error;
    return refuse('CNNC1020', `${what} failed`, [
      `${fromHere(frame.file)}:${frame.line}: ${error.name}: ${error.message}`,
    ]);
  }
}

function readOutputs(built: unknown, state: NetState, refuse: Refuse): Tensors {
  const example = 'expected outputs by name, such as { logits }';
  if (built instanceof Promise) refuse('CNNC1021', `build returned a promise; it must not be async`);
  if (typeof built !== 'object' || built === null || isTensor(built) || Array.isArray(built)) {
    return refuse(
      'CNNC1021',
      `build returned ${built === undefined ? 'nothing' : describe(built)}, ${example}`,
    );
  }
  const outputs = Object.entries(built);
  if (outputs.length === 0) refuse('CNNC1021', `build returned an empty object, ${example}`);
  return Object.fromEntries(
    outputs.map(([name, tensor]: [string, unknown]) => {
      if (!/^[A-Za-z_]\w*$/.test(name))
        refuse('CNNC1021', `the output's name ${describe(name)} is not an identifier`);
      if (!isTensor(tensor))
        return refuse('CNNC1021', `output ${name} is ${describe(tensor)}, expected a tensor`);
      if (!belongsTo(state, tensor))
        refuse(
          'CNNC1022',
          `output ${name} belongs to another net: it was kept from an earlier call of build`,
        );
      return [name, tensor];
    }),
  );
}
