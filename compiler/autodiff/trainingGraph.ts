/**
 * Forward graph -> joint graph of one training step: forward, loss, gradients, updates. Its outputs, by name, are the
 * results of the phases:
 *
 *     logits                       the model's outputs
 *     loss                         f32[]
 *     gradient of logits           the start of the backward pass
 *     gradient of conv1.weight     for every trained parameter, in its canonical shape
 *     gradient of input image      for every f32 input
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { GraphBuilder } from '../ir/builder.ts';
import { createGraphBuilder } from '../ir/builder.ts';
import { type Graph, type NamedValue, type Node, type Update, type ValueId } from '../ir/types.ts';
import { infer } from '../ops/infer.ts';
import { isInput, isLearned, type ParameterAttrs } from '../ir/leaves.ts';
import { scalar, input, parameter } from '../ops/leaves.ts';
import { differentiate } from './differentiate.ts';
import { clipByNorm } from './clip.ts';
import type { Hyperparameter, Optimizer, StepSite } from './optimizers/types.ts';
import { add } from '../ops/add.ts';
import { mul } from '../ops/mul.ts';

export interface TrainingOptions {
  readonly optimizer: Optimizer;
  /** Which weights are learned. The others keep their values and get no gradients. */
  readonly isTrained: (name: string) => boolean;
  /** Which learned weights get weight decay. Default: those of rank 2 and more, so neither biases nor norms. */
  readonly decays?: (name: string, shape: readonly number[]) => boolean;
  /** Whether steps clip the global norm of the gradients to the input `maximumNorm`. */
  readonly clips?: boolean;
  /** The number of batches of one step, whose gradients are averaged. Default 1. */
  readonly microBatches?: number;
  /** Whether the gradients of the inputs are outputs. Default: yes. */
  readonly inputGradients?: boolean;
}

const GRADIENT = 'gradient of ';
export const outputGradientName = (output: string): string => `${GRADIENT}${output}`;
export const parameterGradientName = (parameter: string): string => `${GRADIENT}${parameter}`;
export const inputGradientName = (input: string): string => `${GRADIENT}input ${input}`;
/** A model's outputs cannot have such a name. */
export const isGradientName = (name: string): boolean => name.startsWith(GRADIENT);

/** The prefix of the inputs for hyperparameters. It has a blank, so no input of a model can have such a name. */
const HYPER = 'hyperparameter ';
export const hyperInputName = (name: Hyperparameter | 'maximumNorm'): string => `${HYPER}${name}`;

/** The hyperparameter that an input of the joint graph stands for, if any. */
export const hyperparameterOf = (input: string): string | undefined =>
  input.startsWith(HYPER) ? input.slice(HYPER.length) : undefined;

/**
 * Builds the joint graph. `forward` is the model's graph in training mode, with a scalar output `loss`. Gradients
 * flow from the loss to the outputs and from there to parameters and inputs, so a caller can pass other gradients for
 * the outputs.
 */
export function trainingGraph(forward: Graph, options: TrainingOptions): Graph {
  const g = copyOf(forward);
  const loss = forward.outputs.find(({ name }) => name === 'loss');
  if (!loss || g.shapeOf(loss.value).length !== 0) {
    return fail('CNNC1031', 'training', { path: forward.name }, 'the model has no scalar output named loss');
  }
  const results = forward.outputs.filter((output) => output !== loss);
  const parameters = trainedParameters(forward, options.isTrained);
  const one = scalar(g, 1);
  const outputGradients = lossGradients(g, loss.value, one, results);
  const { inputGradients = true } = options;
  const inputs = forward.nodes.filter(isInput).filter(({ type }) => inputGradients && type.dtype === 'f32');
  const wanted = [...parameters, ...inputs].map(({ id }) => id);
  const gradients = differentiate(g, seedsOf(outputGradients), wanted);
  const parameterGradients = parameters.map((node) => gradientOrZero(g, gradients, node));
  const { values: averages, updates: sums } = accumulate(g, parameters, parameterGradients, options);
  const updates = appendUpdates(g, parameters, averages, options);
  const outputs: NamedValue[] = [
    ...results,
    loss,
    ...outputGradients.map(({ name, gradient }) => ({ name: outputGradientName(name), value: gradient })),
    ...parameters.map((node, i) => ({
      name: parameterGradientName(node.attrs.name),
      value: parameterGradients[i]!,
    })),
    ...inputs.flatMap((node) => {
      const gradient = gradients.get(node.id);
      return gradient === undefined ? [] : [{ name: inputGradientName(node.attrs.name), value: gradient }];
    }),
  ];
  return g.finish(outputs, [...forward.updates, ...sums, ...updates]);
}

function copyOf(graph: Graph): GraphBuilder {
  const g = createGraphBuilder(graph.name, infer);
  for (const node of graph.nodes) g.copy(node, node.inputs);
  return g;
}

function trainedParameters(graph: Graph, isTrained: (name: string) => boolean): Node<'parameter'>[] {
  return graph.nodes.filter(isLearned).filter((node) => isTrained(node.attrs.name));
}

interface OutputGradient {
  readonly name: string;
  readonly value: ValueId;
  readonly gradient: ValueId;
}

/** The gradient of the loss with respect to the outputs that it reads. */
function lossGradients(
  g: GraphBuilder,
  loss: ValueId,
  one: ValueId,
  results: readonly NamedValue[],
): OutputGradient[] {
  const values = results.map(({ value }) => value);
  const gradients = differentiate(g, new Map([[loss, one]]), values, new Set(values));
  return results.flatMap(({ name, value }) => {
    const gradient = gradients.get(value);
    return gradient === undefined ? [] : [{ name, value, gradient }];
  });
}

const seedsOf = (outputs: readonly OutputGradient[]): ReadonlyMap<ValueId, ValueId> =>
  new Map(outputs.map(({ value, gradient }) => [value, gradient]));

/** A parameter without influence on the loss has the gradient 0, so that every trained name has one. */
function gradientOrZero(
  g: GraphBuilder,
  gradients: ReadonlyMap<ValueId, ValueId>,
  node: Node<'parameter'>,
): ValueId {
  const gradient = gradients.get(node.id);
  if (gradient !== undefined) return gradient;
  const zero = scalar(g, 0);
  return g.node(mul.name, [node.id, zero]);
}

export const accumulatorName = (parameter: string): string => `${parameter}.accumulated`;

/**
 * Returns what the update reads: the gradients, or with micro-batches their averages, which are summed in additional
 * parameters.
 */
function accumulate(
  g: GraphBuilder,
  parameters: readonly Node<'parameter'>[],
  gradients: readonly ValueId[],
  { microBatches = 1 }: TrainingOptions,
): { values: readonly ValueId[]; updates: Update[] } {
  if (microBatches === 1) return { values: gradients, updates: [] };
  const share = scalar(g, 1 / microBatches);
  const updates = parameters.map(({ attrs: { name, type } }, i): Update => {
    g.origin = { path: name, note: `sum of the gradients of ${name}` };
    const target = g.node(parameter.name, [], {
      ...{ name: accumulatorName(name), type, role: 'accumulator' },
      initializer: { kind: 'constant', value: 0 },
    });
    return { target, value: g.node(add.name, [target, g.node(mul.name, [gradients[i]!, share])]) };
  });
  return { values: updates.map(({ value }) => value), updates };
}

function appendUpdates(
  g: GraphBuilder,
  parameters: readonly Node<'parameter'>[],
  gradients: readonly ValueId[],
  { optimizer, clips = false, decays = (_name, shape) => shape.length > 1 }: TrainingOptions,
): Update[] {
  g.origin = { path: '', note: 'update' };
  const hyper = hyperInputs(g);
  const clipped = clips ? clipByNorm(g, gradients, hyper('maximumNorm')) : gradients;
  return parameters.flatMap((node, i) => {
    const { name } = node.attrs;
    g.origin = { path: name, note: `update of ${name}` };
    return stepOf(g, node, clipped[i]!, optimizer, decays(name, node.type.shape), hyper);
  });
}

/** Returns scalar inputs, created at first use. */
function hyperInputs(g: GraphBuilder): (name: Hyperparameter | 'maximumNorm') => ValueId {
  const known = new Map<string, ValueId>();
  return (name) => {
    const value =
      known.get(name) ??
      g.node(input.name, [], { name: hyperInputName(name), type: { dtype: 'f32', shape: [] } });
    known.set(name, value);
    return value;
  };
}

function stepOf(
  g: GraphBuilder,
  trained: Node<'parameter'>,
  gradient: ValueId,
  optimizer: Optimizer,
  decays: boolean,
  hyper: StepSite['hyper'],
): Update[] {
  const states = new Map<string, ValueId>();
  const updates: Update[] = [];
  const state = (name: string): ValueId => {
    const attrs: ParameterAttrs = {
      name: `${trained.attrs.name}.${name}`,
      type: trained.type,
      role: 'state',
      initializer: { kind: 'constant', value: 0 },
    };
    const value = states.get(name) ?? g.node(parameter.name, [], attrs);
    states.set(name, value);
    return value;
  };
  const value = optimizer.step({
    g,
    parameter: trained.id,
    gradient,
    decays,
    hyper,
    state,
    setState: (name, next) => void updates.push({ target: state(name), value: next }),
  });
  return [...updates, { target: trained.id, value }];
}
