/**
 * Random small networks, as lists of choices, and the graphs that they stand for: for inference, and one training
 * step with loss, gradients and updates. Inputs, targets and parameters get numbers from their names.
 */
import fc from 'fast-check';
import { sgd } from '../../compiler/autodiff/optimizers/sgd.ts';
import { trainingGraph } from '../../compiler/autodiff/trainingGraph.ts';
import {
  sizeOf,
  type Graph,
  type NamedValue,
  type Node,
  type TensorType,
  type ValueId,
} from '../../compiler/ir/types.ts';
import { verifyGraph } from '../../compiler/ir/verifier.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { graphBuilder, infer } from '../../compiler/ops/infer.ts';
import { randomNumbers, seedOf } from '../support/numbers.ts';
import { createNetWriter, type NetWriter } from './netWriter.ts';
import { createPicks } from './picks.ts';
import { applyStep, STEP_NAMES } from './steps.ts';

interface Layer {
  readonly step: string;
  /** The operand: the newest value, or one of those before it. */
  readonly back: number;
  readonly picks: readonly number[];
}

export interface Net {
  readonly shape: readonly number[];
  readonly layers: readonly Layer[];
  /** Outputs beside the last value, counted from the newest. */
  readonly outputs: readonly number[];
}

const layer: fc.Arbitrary<Layer> = fc.record({
  step: fc.constantFrom(...STEP_NAMES),
  back: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
  picks: fc.array(fc.nat({ max: 11 }), { minLength: 12, maxLength: 12 }),
});

export const randomNets: fc.Arbitrary<Net> = fc.record({
  shape: fc.tuple(
    fc.constantFrom(1, 2),
    fc.constantFrom(1, 2, 3, 4),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
  ),
  layers: fc.array(layer, { minLength: 1, maxLength: 9, size: 'max' }),
  outputs: fc.array(fc.nat({ max: 9 }), { maxLength: 2 }),
});

const append = (w: NetWriter, name: string, type: TensorType): ValueId =>
  w.g.node('input', [], { name, type });

/** The values, the outputs last. */
function write(net: Net, w: NetWriter): NamedValue[] {
  w.values.push(
    append(w, 'x', { dtype: 'f32', shape: net.shape }),
    append(w, 'z', { dtype: 'f32', shape: net.shape }),
  );
  const newest = (back: number): ValueId => w.values.at(-1 - Math.min(back, w.values.length - 1))!;
  for (const { step, back, picks } of net.layers) applyStep(w, step, newest(back), createPicks(picks));
  return [0, ...net.outputs].map((back, i) => ({ name: `y${i}`, value: newest(back) }));
}

export function inferenceGraph(net: Net): Graph {
  const w = createNetWriter(graphBuilder('net'), false);
  const outputs = write(net, w);
  return verifyGraph(w.g.finish(outputs), infer, 'the test');
}

/** Forward with a loss of every output: cross-entropy of the last value, squares against targets of the others. */
export function lossGraph(net: Net): Graph {
  const w = createNetWriter(graphBuilder('net'), true);
  const outputs = write(net, w);
  const losses = outputs.map(({ name, value }, i) =>
    i === 0 ? classLoss(w, value) : squares(w, name, value),
  );
  const loss = losses.reduce((sum, one) => w.g.node('add', [sum, one]));
  return verifyGraph(w.g.finish([...outputs, { name: 'loss', value: loss }], w.updates), infer, 'the test');
}

function classLoss(w: NetWriter, value: ValueId): ValueId {
  const logits = w.g.node('flatten', [value], { axis: 1 });
  const label = append(w, 'label', { dtype: 'i32', shape: [w.g.shapeOf(logits)[0]!] });
  return w.g.node('crossEntropy', [logits, label], { labelSmoothing: 0.125, ignoreIndex: -100 });
}

const squares = (w: NetWriter, name: string, value: ValueId): ValueId =>
  w.g.node('mseLoss', [value, append(w, `target ${name}`, w.g.typeOf(value))]);

/** One step of gradient descent with momentum and decay. */
export function stepGraph(net: Net): Graph {
  const joint = trainingGraph(lossGraph(net), { optimizer: sgd, isTrained: () => true });
  return verifyGraph(joint, infer, 'autodiff');
}

type Leaf = Node<'input'> | Node<'parameter'>;

/** f32 numbers: in [-1, 1), variances and slopes in [0.5, 1.5), weights divided by their fan-in, labels 0. */
export function bindingsOf(graph: Graph): Bindings {
  const leaves = graph.nodes.filter((node): node is Leaf => node.op === 'input' || node.op === 'parameter');
  return Object.fromEntries(leaves.map(({ attrs: { name, type } }) => [name, numbersOf(name, type)]));
}

function numbersOf(name: string, { dtype, shape }: TensorType): number[] {
  const random = randomNumbers(seedOf(name));
  if (dtype !== 'f32') return new Array<number>(sizeOf(shape)).fill(0);
  const fanIn = /^(filter|matrix)\d+$/.test(name) ? sizeOf(shape.slice(1)) : 1;
  const draw = (): number => (/variance|hyper/.test(name) ? 0.5 + random() / 4 : (2 * random() - 1) / fanIn);
  return Array.from({ length: sizeOf(shape) }, () => Math.fround(draw()));
}
