/**
 * The net under construction: `net.<layer>(...)` appends nodes to a graph. Every node knows the path of its layer and
 * the line of the model file that called it.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { AttrsArgument, GraphBuilder } from '../ir/builder.ts';
import type { OpName, Origin, TensorType, Update, ValueId } from '../ir/types.ts';
import { graphBuilder } from '../ops/infer.ts';
import type { Initializer, ParameterAttrs } from '../ir/leaves.ts';
import { constantAttrs, constant, input, parameter } from '../ops/leaves.ts';
import { layers, type LayerFunction, type LayerMethods } from './layers/index.ts';
import type { NamedLayer } from './layers/layer.ts';
import { absent, anyNumbers, finite, flag, integers, oneOf, optional, positive } from './options.ts';
import { readOptions } from './options.ts';
import { callerPlace, type Caller } from './place.ts';
import { belongsTo, createTensor, describe, isTensor, type Tensor } from './tensor.ts';
import { noteUnknown, type UnknownNames } from './unknownLayer.ts';

/** What a net offers besides the layers. */
export interface Scope {
  /** Whether the graph is for training. Layers that differ in training, such as dropout, check it themselves. */
  readonly training: boolean;
  /** Returns the same net with the prefix `path.` for all names: `net.scope('layer1.0')`. */
  scope(path: string): Net;
  /**
   * Appends a weight that belongs to no layer, such as a class token or position embeddings. Weight files use exactly
   * this name (with the prefix of the scope).
   */
  parameter(name: string, options: ParameterOptions): Tensor;
  /** Appends a constant tensor. Its numbers are part of the generated code. */
  constant(options: ConstantOptions): Tensor;
  /**
   * Returns a weight that an earlier layer has made, to use it again: `net.tied('conv1.weight')`. Throws a
   * `Diagnostic` if there is none.
   */
  tied(name: string): Tensor;
}

/** Options of `net.parameter`. */
export interface ParameterOptions {
  /** Extents of the weight, which is f32. */
  readonly shape: readonly number[];
  /** Initial value of all elements; default 0. */
  readonly start?: number;
  /** If given, initial values are drawn from a normal distribution with mean 0 and this standard deviation. */
  readonly deviation?: number;
  /** Whether training changes it; default true. */
  readonly learned?: boolean;
}

/** Options of `net.constant`. */
export interface ConstantOptions {
  /** Extents of the constant. */
  readonly shape: readonly number[];
  /** The numbers in row-major order. */
  readonly values: readonly number[];
  /** Type of the elements; default `f32`. */
  readonly dtype?: 'f32' | 'i32';
}

/**
 * The net that `build` gets: `net.relu(x)`, `net.conv2d('conv1', x, { ... })`. Layers with parameters take a name
 * first. A wrong option or shape throws a `Diagnostic` that names the layer and the line of the model file.
 */
export interface Net extends Scope, LayerMethods {}

export interface NetOptions {
  readonly training: boolean;
  /** Selects layers by their path. In training they keep their running statistics. */
  readonly frozen?: (path: string) => boolean;
}

interface Claim {
  readonly origin: Origin;
  readonly tensor: Tensor;
}

/** State that all scopes of a net share. */
export interface NetState extends NetOptions {
  readonly g: GraphBuilder;
  readonly updates: Update[];
  readonly parameters: Map<string, Claim>;
  /** How many layers without a name have had this path so far. */
  readonly unnamed: Map<string, number>;
  /** Names of layers that do not exist, as far as the model has read them. */
  readonly unknown: UnknownNames;
  readonly random: {
    /** The input that random layers share. The first of them creates it. */
    seed?: Tensor;
    /** How many random streams have been assigned. */
    streams: number;
  };
}

export const createNetState = (name: string, { training, frozen }: NetOptions): NetState => ({
  g: graphBuilder(name),
  training,
  frozen,
  updates: [],
  parameters: new Map(),
  unnamed: new Map(),
  unknown: new Map(),
  random: { streams: 0 },
});

/** The input of a training step that holds [seed, step]. The random numbers of the step depend on it. */
export const SEED_INPUT = 'seed';

const SEED_TYPE: TensorType = { dtype: 'u32', shape: [2] };

export function appendInput(state: NetState, name: string, type: TensorType, place: Caller): Tensor {
  state.g.origin = { path: name, ...place };
  const value = state.g.node(input.name, [], { name, type });
  return createTensor(state, value, type.dtype, type.shape);
}

function seedOf(state: NetState): Tensor {
  return (state.random.seed ??= appendInput(state, SEED_INPUT, SEED_TYPE, {}));
}

export function createNet(state: NetState, prefix = ''): Net {
  const scope = (path: string): Net => {
    checkName('scope', path, { path: prefix, ...callerPlace() });
    return createNet(state, `${prefix}${path}.`);
  };
  const methods = Object.entries(layers).map(([kind, layer]) => [kind, bind(state, prefix, kind, layer)]);
  const net = Object.freeze({
    training: state.training,
    scope,
    parameter: (name: string, options: ParameterOptions) => ownParameter(state, prefix, name, options),
    constant: (options: ConstantOptions) => ownConstant(state, prefix, options),
    tied: (name: string) => tiedParameter(state, prefix, name),
    ...Object.fromEntries(methods),
  }) as Net;
  return noteUnknown(net, state.unknown);
}

/** The names of everything that a net offers as a method. */
export const netMethods: readonly string[] = [
  'scope',
  'parameter',
  'constant',
  'tied',
  ...Object.keys(layers),
];

function ownParameter(state: NetState, prefix: string, name: string, options: ParameterOptions): Tensor {
  const place = callerPlace();
  checkName('parameter', name, { path: prefix, ...place });
  const origin: Origin = { path: `${prefix}${name}`, ...place };
  const { shape, start, deviation, learned } = readOptions(
    (found) => fail('CNNC1104', 'parameter', origin, found),
    options,
    PARAMETER_OPTIONS,
  );
  const initializer: Initializer =
    deviation === undefined ? { kind: 'constant', value: start } : { kind: 'normal', deviation };
  return claimParameter(state, 'parameter', origin, {
    name: origin.path,
    type: { dtype: 'f32', shape },
    role: learned ? 'weight' : 'buffer',
    initializer,
  });
}

function ownConstant(state: NetState, prefix: string, options: ConstantOptions): Tensor {
  const origin: Origin = { path: unnamedPath(state, `${prefix}constant`), ...callerPlace() };
  const refuse = (found: string): never => fail('CNNC1104', 'constant', origin, found);
  const { shape, values, dtype } = readOptions(refuse, options, CONSTANT_OPTIONS);
  state.g.origin = origin;
  const value = state.g.node(constant.name, [], constantAttrs(shape, values, dtype));
  return createTensor(state, value, dtype, shape);
}

const CONSTANT_OPTIONS = {
  shape: integers,
  values: anyNumbers,
  dtype: optional(oneOf('f32', 'i32'), 'f32'),
};

const PARAMETER_OPTIONS = {
  shape: integers,
  start: optional(finite, 0),
  deviation: absent(positive),
  learned: optional(flag, true),
};

function tiedParameter(state: NetState, prefix: string, name: string): Tensor {
  const origin: Origin = { path: `${prefix}${name}`, ...callerPlace() };
  const claim = state.parameters.get(origin.path);
  return (
    claim?.tensor ?? fail('CNNC1106', 'tied', origin, `no earlier layer made the parameter ${origin.path}`)
  );
}

/** Makes a method of the net from a layer's function. */
function bind(state: NetState, prefix: string, kind: string, layer: LayerFunction) {
  return (...args: readonly unknown[]): unknown => {
    const named = typeof args[0] === 'string';
    const place = callerPlace();
    if (named) checkName(kind, args[0], { path: prefix, ...place });
    const path = named ? `${prefix}${args[0]}` : unnamedPath(state, `${prefix}${kind}`);
    const origin: Origin = { path, ...place };
    const [x, ...rest] = named ? args.slice(1) : args;
    const operands: readonly unknown[] = Array.isArray(x) ? x : [x];
    for (const operand of operands) checkTensor(state, kind, origin, operand);
    return layer(createLayer(state, kind, origin, named), ...([x, ...rest] as never[]));
  };
}

/** The path of a layer without a name: `layer1.0.relu`, then `layer1.0.relu2`. */
function unnamedPath({ unnamed }: NetState, path: string): string {
  const count = (unnamed.get(path) ?? 0) + 1;
  unnamed.set(path, count);
  return count === 1 ? path : `${path}${count}`;
}

function checkName(kind: string, name: unknown, origin: Origin): void {
  if (typeof name === 'string' && /^[\w-]+(\.[\w-]+)*$/.test(name)) return;
  fail(
    'CNNC1101',
    kind,
    { ...origin, path: origin.path.replace(/\.$/, '') },
    `the name ${describe(name)} is not allowed; names consist of letters, digits, "_", "-" and dots between them`,
  );
}

function checkTensor(state: NetState, kind: string, origin: Origin, value: unknown): asserts value is Tensor {
  if (!isTensor(value)) fail('CNNC1105', kind, origin, `an input is ${describe(value)}, expected a tensor`);
  if (!belongsTo(state, value))
    fail(
      'CNNC1022',
      kind,
      origin,
      'an input belongs to another net: it was kept from an earlier call of build',
    );
}

function createLayer(state: NetState, kind: string, origin: Origin, named: boolean): NamedLayer {
  const { g, training, frozen } = state;
  const append = <K extends OpName>(
    op: K,
    inputs: readonly ValueId[],
    ...attrs: AttrsArgument<K>
  ): Tensor => {
    g.origin = origin;
    const value = g.node(op, inputs, ...attrs);
    const { dtype, shape } = g.typeOf(value);
    return createTensor(state, value, dtype, shape);
  };
  const reject: NamedLayer['reject'] = (code, found, details) => fail(code, kind, origin, found, details);
  return {
    path: origin.path,
    training,
    frozen: frozen?.(origin.path) ?? false,
    reject,
    wrongOption: (found) => reject('CNNC1104', found),
    node(op, inputs, ...attrs) {
      const last = inputs.findLastIndex((input) => input !== undefined);
      const values = inputs.slice(0, last + 1).map((input) => {
        checkTensor(state, kind, origin, input);
        return input.value;
      });
      return append(op, values, ...attrs);
    },
    scalar: (value) => append(constant.name, [], constantAttrs([], [value])),
    vector: (values) => append(constant.name, [], constantAttrs([values.length], values)),
    random: () => ({ seed: seedOf(state), stream: state.random.streams++ }),
    update: (target, value) => void state.updates.push({ target: target.value, value: value.value }),
    parameter(name, shape, initializer, role = 'weight') {
      if (!named)
        reject(
          'CNNC1103',
          `this layer has parameters, so its first argument must be a name: net.${kind}('name', x, ...)`,
        );
      const type: TensorType = { dtype: 'f32', shape };
      const attrs: ParameterAttrs = { name: `${origin.path}.${name}`, type, role, initializer };
      return claimParameter(state, kind, origin, attrs);
    },
  };
}

/** Appends the parameter. Refuses a name that is already taken. */
function claimParameter(state: NetState, kind: string, origin: Origin, attrs: ParameterAttrs): Tensor {
  const { g, parameters } = state;
  const first = parameters.get(attrs.name)?.origin;
  if (first) {
    const line = first.line === undefined ? '' : `:${first.line}`;
    fail('CNNC1102', kind, origin, `the parameter ${attrs.name} exists already`, [
      `the first one was made in ${first.file ?? 'the same model'}${line}`,
    ]);
  }
  g.origin = origin;
  const { dtype, shape } = attrs.type;
  const tensor = createTensor(state, g.node(parameter.name, [], attrs), dtype, shape);
  parameters.set(attrs.name, { origin, tensor });
  return tensor;
}
