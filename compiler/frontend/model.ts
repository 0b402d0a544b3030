/**
 * Models: what a model file exports. `build` describes the network by calling layers on `net`. It runs once for every
 * graph that is needed (evaluation, training, another batch), so it must not keep state.
 *
 *     export default defineModel({
 *       name: 'lenet5',
 *       inputs: { image: [1, 1, 32, 32] },
 *       build(net, { image }) {
 *         const x = net.relu(net.conv2d('conv1', image, { channels: 6, kernel: 5 }));
 *         return { logits: net.linear('fc', net.flatten(x), { features: 10 }) };
 *       },
 *     });
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { DType, TensorType } from '../ir/types.ts';
import { checkDetector, fitDetector, type Detector, type FittedDetector } from './detection.ts';
import { completePreprocess, type PreprocessSettings } from './givenPreprocess.ts';
import type { Net } from './net.ts';
import { checkNames, isWhole } from './options.ts';
import { besideCaller, callerPlace, type Caller } from './place.ts';
import { checkPreprocess, fitPreprocess, type Preprocess } from './preprocess.ts';
import type { Refuse, RefuseFound } from './refuse.ts';
import { describe, type Tensor } from './tensor.ts';

/**
 * Shape of an input or a target, with the batch first. A plain shape is f32; other types are written as `{ dtype:
 * 'i32', shape: [1] }`.
 */
export type InputSpec = readonly number[] | TensorType;

/** Shapes by the name of an input or a target. */
export type InputSpecs = Readonly<Record<string, InputSpec>>;

/** Tensors by the names of inputs, outputs or targets. */
export type Tensors = Readonly<Record<string, Tensor>>;

type TensorsOf<Specs> = { readonly [K in keyof Specs]: Tensor };

/** What `defineModel` takes. */
export interface ModelDefinition<
  Inputs extends InputSpecs,
  Outputs extends Tensors = Tensors,
  Targets extends InputSpecs = InputSpecs,
> {
  /** Name of the model and of the generated package: lower-case letters, digits, ".", "-" and "_". */
  readonly name: string;
  /** Shapes of the inputs by name, such as `{ image: [1, 3, 224, 224] }`. */
  readonly inputs: Inputs;
  /** How an image becomes the model's one image input. With it, the generated module exports `preprocess`. */
  readonly preprocess?: Preprocess;
  /** Names of the classes, in the order of the outputs. */
  readonly labels?: readonly string[];
  /** How the outputs become boxes in the image. With it, the generated module exports `detect`. */
  readonly detection?: Detector;
  /**
   * Weights that a compile or an export takes if none are given: a file, relative to the file that calls `defineModel`,
   * or its URL. A seed draws random weights instead.
   */
  readonly weights?: string | { readonly href: string };
  /** Describes the network: calls layers on `net` and returns the outputs by name, such as `{ logits }`. */
  build(net: Net, inputs: TensorsOf<Inputs>): Outputs;
  /**
   * Shapes of what a training step takes besides the inputs, by name. Their batch follows the batch of the inputs.
   */
  readonly targets?: Targets;
  /**
   * Returns the scalar that training minimizes. It runs for a training graph only. Default, for a model with one
   * output of logits f32[N, classes]: the mean cross-entropy with a target `label`, i32[N].
   */
  loss?(net: Net, outputs: NoInfer<Outputs>, targets: TensorsOf<Targets>): Tensor;
}

const mark = Symbol.for('cnnc.model');

/** A model, as `defineModel` returns it. */
export interface Model {
  /** Name of the model and of the generated package. */
  readonly name: string;
  /** Types of the inputs by name. */
  readonly inputs: Readonly<Record<string, TensorType>>;
  /** How an image becomes the image input, if it was given. */
  readonly preprocess?: Preprocess;
  /** Names of the classes, if they were given. */
  readonly labels?: readonly string[];
  /** How the outputs become boxes, if it was given. */
  readonly detection?: Detector;
  /** The file of the weights that the model names: an absolute path, in a page a URL. */
  readonly weights?: string;
  build(net: Net, inputs: Tensors): unknown;
  /** Types of the targets by name; empty for a model with the default loss. */
  readonly targets: Readonly<Record<string, TensorType>>;
  /** The model's own loss, if it was given. */
  readonly loss?: (net: Net, outputs: Tensors, targets: Tensors) => unknown;
  /** The place in the model file where `defineModel` was called. */
  readonly place: Caller;
  readonly [mark]: true;
}

/**
 * Defines a model. It checks everything that can be checked before `build` runs, and throws a `Diagnostic` that names
 * the line of the model file if something is wrong.
 */
export function defineModel<
  const Inputs extends InputSpecs,
  Outputs extends Tensors = Tensors,
  const Targets extends InputSpecs = {},
>(definition: ModelDefinition<Inputs, Outputs, Targets>): Model {
  const place = callerPlace();
  const refuse: Refuse = (code, found) => fail(code, 'model', { path: nameOf(definition), ...place }, found);
  checkDefinition(definition, (found) => refuse('CNNC1010', found));
  const { name, preprocess, labels, detection } = definition;
  const inputs = readSpecs('input', definition.inputs, refuse);
  const targets = readSpecs('target', definition.targets ?? {}, refuse);
  const shared = Object.keys(targets).find((target) => target in inputs);
  if (shared !== undefined) refuse('CNNC1011', `${shared} is an input and a target`);
  if (preprocess) checkPreprocess(preprocess, imageInput('preprocess', inputs, refuse), refuse);
  if (detection) {
    checkDetector(detection, refuse);
    imageInput('detection', inputs, refuse);
  }
  const build = definition.build.bind(definition) as Model['build'];
  const loss = definition.loss?.bind(definition) as Model['loss'];
  const weights = definition.weights && besideCaller(textOf(definition.weights));
  return { name, inputs, preprocess, labels, detection, weights, build, targets, loss, place, [mark]: true };
}

const textOf = (path: string | { readonly href: string }): string =>
  typeof path === 'string' ? path : path.href;

export const isModel = (value: unknown): value is Model =>
  typeof value === 'object' && value !== null && mark in value;

const nameOf = (definition: unknown): string | undefined => {
  const { name } = Object(definition) as { name?: unknown };
  return typeof name === 'string' ? name : undefined;
};

const KEYS = ['name', 'inputs', 'preprocess', 'labels', 'detection', 'weights', 'build', 'targets', 'loss'];

/** Names of models and packages, in words. */
export const NAME_RULE = 'lower-case letters, digits, ".", "-" and "_"';

export const isModelName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]*$/.test(name);

function checkDefinition(definition: unknown, refuse: RefuseFound): void {
  if (typeof definition !== 'object' || definition === null) {
    refuse(`the argument of defineModel is ${describe(definition)}, expected { name, inputs, build }`);
  }
  const given = definition as Readonly<Record<string, unknown>>;
  const { name, inputs, labels, weights, build, targets, loss } = given;
  checkNames(refuse, Object.keys(definition), KEYS);
  if (typeof name !== 'string' || !isModelName(name))
    refuse(`the name is ${describe(name)}, expected ${NAME_RULE}`);
  if (typeof inputs !== 'object' || inputs === null || Object.keys(inputs).length === 0) {
    refuse(`inputs is ${describe(inputs)}, expected shapes by name, such as { image: [1, 3, 224, 224] }`);
  }
  if (typeof build !== 'function')
    refuse(`build is ${describe(build)}, expected a function of (net, inputs)`);
  if (targets !== undefined && (typeof targets !== 'object' || targets === null)) {
    refuse(`targets is ${describe(targets)}, expected shapes by name, such as { mask: [1, 1, 64, 64] }`);
  }
  if (loss !== undefined && typeof loss !== 'function')
    refuse(`loss is ${describe(loss)}, expected a function of (net, outputs, targets)`);
  if (targets !== undefined && loss === undefined)
    refuse('targets are declared, but there is no loss that uses them');
  const named = Array.isArray(labels) && labels.every((label) => typeof label === 'string');
  if (labels !== undefined && !named) refuse('labels must be a list of strings');
  if (weights !== undefined && !isPath(weights))
    refuse(`weights is ${describe(weights)}, expected a path relative to the model file, or a URL`);
}

const isPath = (value: unknown): boolean => {
  const text = typeof value === 'string' ? value : (Object(value) as { href?: unknown }).href;
  return typeof text === 'string' && text !== '';
};

const DTYPES: readonly DType[] = ['f32', 'i32', 'u32'];

const readSpecs = (kind: InputKind, specs: InputSpecs, refuse: Refuse): Record<string, TensorType> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, readInput(kind, name, spec, refuse)]),
  );

/** The word for it in errors. */
export type InputKind = 'input' | 'target';

function readInput(kind: InputKind, name: string, spec: InputSpec, refuse: Refuse): TensorType {
  if (!/^[A-Za-z_]\w*$/.test(name))
    refuse('CNNC1011', `the ${kind}'s name ${describe(name)} is not an identifier`);
  const { dtype, shape } =
    'shape' in Object(spec) ? (spec as TensorType) : f32Input(spec as readonly number[]);
  if (!DTYPES.includes(dtype))
    refuse('CNNC1011', `${kind} ${name} has dtype ${describe(dtype)}, expected ${DTYPES.join(', ')}`);
  checkInputShape(kind, name, shape, (found) => refuse('CNNC1011', found));
  return { dtype, shape: [...shape] };
}

const f32Input = (shape: readonly number[]): TensorType => ({ dtype: 'f32', shape });

export function checkInputShape(kind: InputKind, name: string, shape: unknown, refuse: RefuseFound): void {
  if (Array.isArray(shape) && shape.length > 0 && shape.every((extent) => isWhole(extent, 1))) return;
  refuse(`${kind} ${name} has shape ${describe(shape)}, expected whole numbers from 1, the batch first`);
}

/**
 * The preprocessing for inputs of these types, which `--input` may have changed: the model's, or what is given for a
 * model that has none.
 */
export function preprocessFor(
  model: Model,
  inputs: Readonly<Record<string, TensorType>>,
  given?: PreprocessSettings,
): Preprocess | undefined {
  if (!model.preprocess && !given) return undefined;
  const refuse = refusing(model);
  const shape = imageInput('preprocess', inputs, refuse);
  if (!model.preprocess) return completePreprocess(given!, shape, refuse);
  const fitted = fitPreprocess(model.preprocess, shape[2]!, shape[3]!);
  checkPreprocess(fitted, shape, refuse);
  return fitted;
}

/** The model's detector for these inputs and the outputs that follow from them. */
export function detectorFor(
  model: Model,
  inputs: Readonly<Record<string, TensorType>>,
  outputs: Readonly<Record<string, TensorType>>,
): FittedDetector | undefined {
  if (!model.detection) return undefined;
  const refuse = refusing(model);
  return fitDetector(model.detection, imageInput('detection', inputs, refuse), outputs, refuse);
}

const refusing =
  (model: Model): Refuse =>
  (code, found, details) =>
    fail(code, 'model', { path: model.name, ...model.place }, found, details);

/** The shape of the image: the only f32 input of rank 4. */
function imageInput(
  option: 'preprocess' | 'detection',
  inputs: Readonly<Record<string, TensorType>>,
  refuse: Refuse,
): readonly number[] {
  const images = Object.values(inputs).filter(({ dtype, shape }) => dtype === 'f32' && shape.length === 4);
  if (images.length === 1) return images[0]!.shape;
  return refuse(
    'CNNC1012',
    `${option} needs exactly one image input f32[N, C, H, W], the model has ${images.length}`,
  );
}
