/**
 * A graph as data: a list of calls of the model-building API. Each call is also made on a net as it is recorded, so
 * shapes are known immediately and a mistake is found where it occurs. Printed, the list is a model file.
 */
import type { ErrorCode } from '../../diagnostics/codes.ts';
import { Diagnostic, fail } from '../../diagnostics/diagnostic.ts';
import type { Net } from '../../frontend/net.ts';
import type { Tensor } from '../../frontend/tensor.ts';
import { sizeOf } from '../../ir/types.ts';
import { MAX_KNOWN, type Known, type SourceDType } from './known.ts';
import { claimName } from './names.ts';

/** A value that is known only when the net runs. */
export interface Live {
  readonly kind: 'live';
  /** The type in the model's file. Here, integers and booleans are i32. */
  readonly dtype: SourceDType;
  readonly tensor: Tensor;
  /** Index among the results of calls. Inputs come first. */
  readonly ref: number;
}

export type Value = Known | Live;

export const shapeOf = (value: Value): readonly number[] =>
  value.kind === 'known' ? value.shape : value.tensor.shape;

/** The index of a result, a list of such indices, or a plain number. */
export type Argument = { readonly ref: number } | { readonly refs: readonly number[] } | number;

export type Options = Readonly<Record<string, unknown>>;

export interface Call {
  /** A method of `Net`. */
  readonly method: string;
  /** The name of the layer or parameter. */
  readonly name?: string;
  readonly args: readonly Argument[];
  readonly options?: Options;
  readonly results: readonly number[];
  /** Whether the method returns a list. */
  readonly isList: boolean;
}

export interface Recorder {
  readonly net: Net;
  readonly calls: Call[];
  /** Numbers of every parameter, by its name in the model. */
  readonly weights: Map<string, Known>;
  /** Parameters that were made from known tensors. */
  readonly made: Map<Known['data'], string>;
  /** Names of layers and parameters that are taken. */
  readonly names: Set<string>;
  readonly values: Map<Known, Live>;
  /** The start of error messages: the format's name, its file, and the node that is being translated. */
  readonly subject: string;
  readonly file: string;
  node: string;
  count: number;
}

export const createRecorder = (net: Net, subject: string, file: string): Recorder => ({
  net,
  calls: [],
  weights: new Map(),
  made: new Map(),
  names: new Set(),
  values: new Map(),
  subject,
  file,
  node: '',
  count: 0,
});

export function refuse(r: Recorder, code: ErrorCode, found: string, details: readonly string[] = []): never {
  return fail(code, r.subject, { path: r.node, file: r.file }, found, details);
}

export function recordInput(r: Recorder, tensor: Tensor, dtype: SourceDType): Live {
  return { kind: 'live', dtype, tensor, ref: r.count++ };
}

export type Operand = Live | number | readonly Live[];

/** Makes a call and records it. Undefined options are left out. */
export function call(
  r: Recorder,
  dtype: SourceDType,
  method: string,
  operands: readonly Operand[],
  options: Options = {},
  name?: string,
): Live {
  const result = invoke(r, method, operands, options, name) as Tensor;
  const ref = r.count++;
  record(r, method, operands, options, name, [ref], false);
  return { kind: 'live', dtype, tensor: checked(r, result), ref };
}

/** `call` for methods that return a list. */
export function callList(
  r: Recorder,
  dtype: SourceDType,
  method: string,
  operands: readonly Operand[],
  options: Options = {},
): Live[] {
  const results = invoke(r, method, operands, options, undefined) as readonly Tensor[];
  const lives = results.map((tensor): Live => ({ kind: 'live', dtype, tensor, ref: r.count++ }));
  const refs = lives.map(({ ref }) => ref);
  record(r, method, operands, options, undefined, refs, true);
  return lives;
}

/** Calls any operator of the graph, for cases without a layer. */
export const operation = (
  r: Recorder,
  dtype: SourceDType,
  op: string,
  operands: readonly Live[],
  attrs: Options = {},
): Live => call(r, dtype, 'operation', [operands], { op, ...attrs });

type Method = (...args: readonly unknown[]) => unknown;

function invoke(
  r: Recorder,
  method: string,
  operands: readonly Operand[],
  options: Options,
  name: string | undefined,
): unknown {
  const given = withoutUndefined(options);
  const args = operands.map((operand) => {
    if (typeof operand === 'number') return operand;
    return Array.isArray(operand) ? operand.map(({ tensor }: Live) => tensor) : (operand as Live).tensor;
  });
  const all = [
    ...(name === undefined ? [] : [name]),
    ...args,
    ...(Object.keys(given).length === 0 ? [] : [given]),
  ];
  try {
    return (r.net as unknown as Readonly<Record<string, Method>>)[method]!(...all);
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    return refuse(r, error.code, error.headline, error.details);
  }
}

function record(
  r: Recorder,
  method: string,
  operands: readonly Operand[],
  options: Options,
  name: string | undefined,
  results: readonly number[],
  isList: boolean,
): void {
  const args = operands.map((operand): Argument => {
    if (typeof operand === 'number') return operand;
    return Array.isArray(operand)
      ? { refs: operand.map(({ ref }: Live) => ref) }
      : { ref: (operand as Live).ref };
  });
  const given = withoutUndefined(options);
  const shown = Object.keys(given).length === 0 ? undefined : given;
  r.calls.push({ method, name, args, options: shown, results, isList });
}

const withoutUndefined = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** The largest number of elements. No memory plan could hold more. */
const MAX_ELEMENTS = 2 ** 31;

function checked(r: Recorder, tensor: Tensor): Tensor {
  if (sizeOf(tensor.shape) <= MAX_ELEMENTS) return tensor;
  return refuse(r, 'CNNC1205', `its result [${tensor.shape.join(',')}] has more than 2^31 elements`);
}

/** Constants with at most this many numbers are written into the model. Longer ones are stored with the weights. */
const MAX_WRITTEN = 16;

/** Makes a known tensor a value of the net: a parameter if it comes from a weight of the file, else a constant. */
export function live(r: Recorder, value: Value): Live {
  if (value.kind === 'live') return value;
  const before = r.values.get(value);
  if (before) return before;
  const made = materialize(r, value);
  r.values.set(value, made);
  return made;
}

function materialize(r: Recorder, value: Known): Live {
  const { dtype, shape, data, source } = value;
  if (data.length === 0)
    return refuse(r, 'CNNC3014', `a tensor of shape [${shape.join(',')}] has no elements`);
  if (data.length > MAX_KNOWN)
    return refuse(r, 'CNNC3020', `a constant of shape [${shape.join(',')}] is too large`);
  if (!isStoredAsFloat(dtype)) return integerConstant(r, value);
  const tied = r.made.get(data);
  if (tied !== undefined) {
    const whole = call(r, dtype, 'tied', [], {}, tied);
    const same = whole.tensor.shape.join() === shape.join();
    return same ? whole : call(r, dtype, 'reshape', [whole], { shape });
  }
  if (source === undefined && data.length <= MAX_WRITTEN)
    return call(r, dtype, 'constant', [], { shape, values: [...data] });
  const name = claimName(r.names, source ?? 'constant');
  addWeight(r, name, value);
  return call(r, dtype, 'parameter', [], { shape, learned: source === undefined ? false : undefined }, name);
}

const isStoredAsFloat = (dtype: SourceDType): boolean => ['f32', 'f64', 'f16', 'bf16'].includes(dtype);

/** The largest number of integers in a constant. They are written into the generated code. */
const MAX_INTEGERS = 2 ** 20;

function integerConstant(r: Recorder, { dtype, shape, data }: Known): Live {
  if (data.length > MAX_INTEGERS)
    return refuse(r, 'CNNC3020', `an integer constant has ${data.length} numbers`);
  const values = [...data];
  if (values.some((value) => Math.abs(value) > 2 ** 31 - 1)) {
    return refuse(r, 'CNNC3016', 'an integer constant does not fit 32 bits');
  }
  return call(r, dtype, 'constant', [], { shape, values, dtype: 'i32' });
}

/** Stores the numbers of the parameter `name`. */
export function addWeight(r: Recorder, name: string, value: Known): void {
  r.weights.set(name, value);
  r.made.set(value.data, name);
}
