/**
 * Arithmetic with one number per channel: how it appears in a graph, and how a vector of such numbers is shaped along
 * an axis.
 */
import type { GraphBuilder } from '../../ir/builder.ts';
import { sameShape, sizeOf, type Node, type OpName, type Origin, type ValueId } from '../../ir/types.ts';
import { expand } from '../../ops/expand.ts';
import { definitionOf } from '../../ops/index.ts';
import { isOp } from '../../ops/isOp.ts';
import { reshape } from '../../ops/reshape.ts';
import type { Facts } from './knowing.ts';

/** Operators with a factor or a summand for their first operand. */
export type ChannelOp = 'mul' | 'div' | 'add' | 'sub';

/** `x op numbers`, where the numbers are fixed and differ at most between channels. */
export interface ChannelStep {
  readonly op: ChannelOp;
  readonly x: ValueId;
  readonly numbers: ValueId;
  readonly origin: Origin;
}

const isChannelOp = (op: OpName): op is ChannelOp => definitionOf<OpName>(op).affine !== undefined;

export const isScale = ({ op }: ChannelStep): boolean => definitionOf(op).affine === 'factor';

type Parts = Pick<Node, 'op' | 'origin'> & { readonly type: { readonly shape: readonly number[] } };

/** Returns the node as such a step. `inputs` are its operands in the graph that is being written. */
export function channelStep(
  { op, type: { shape }, origin }: Parts,
  inputs: readonly ValueId[],
  g: GraphBuilder,
  facts: Facts,
  axisOf: (x: ValueId) => number = () => 1,
): ChannelStep | undefined {
  if (!isChannelOp(op)) return undefined;
  const [a, b] = inputs;
  const sides = definitionOf(op).commutative ? [[a!, b!] as const, [b!, a!] as const] : [[a!, b!] as const];
  const isStep = ([x, numbers]: readonly [ValueId, ValueId]): boolean =>
    facts.isFixed(numbers) &&
    !facts.isFixed(x) &&
    sameShape(g.shapeOf(x), shape) &&
    variesAlong(g.shapeOf(numbers), shape, axisOf(x));
  const side = sides.find(isStep);
  return side && { op, x: side[0], numbers: side[1], origin };
}

/** Returns the step that makes this value, if the asking node is its only reader. */
export function ownStep(
  value: ValueId,
  g: GraphBuilder,
  facts: Facts,
  axisOf?: (x: ValueId) => number,
): ChannelStep | undefined {
  const node = g.nodes[value]!;
  return facts.isOwn(value) ? channelStep(node, node.inputs, g, facts, axisOf) : undefined;
}

function variesAlong(numbers: readonly number[], shape: readonly number[], axis: number): boolean {
  const offset = shape.length - numbers.length;
  return numbers.every((extent, i) => extent === 1 || i + offset === axis);
}

/**
 * Reshapes the numbers to this shape, in which they are the only extent above 1. A single number becomes a scalar.
 */
export const laidAlong = (g: GraphBuilder, numbers: ValueId, shape: readonly number[]): ValueId =>
  reshaped(g, numbers, sizeOf(g.shapeOf(numbers)) === 1 ? [] : shape);

/** Reshapes a value. A reshape of a reshape becomes one. */
export function reshaped(g: GraphBuilder, value: ValueId, shape: readonly number[]): ValueId {
  if (sameShape(g.shapeOf(value), shape)) return value;
  const node = g.nodes[value]!;
  return isOp(node, reshape) ? reshaped(g, node.inputs[0]!, shape) : g.node(reshape.name, [value], { shape });
}

/** Makes one number per output from a vector or a scalar. */
export const asVector = (g: GraphBuilder, numbers: ValueId, extent: number): ValueId => {
  const vector = laidAlong(g, numbers, [extent]);
  return sameShape(g.shapeOf(vector), [extent]) ? vector : g.node(expand.name, [vector], { shape: [extent] });
};

/** A layer's origin that also names the step that it has taken in. */
export function originWith(layer: Origin, { origin, op }: ChannelStep): Origin {
  const taken = origin.path || op;
  const known = layer.note?.replace(/^with /, '').split(' and ') ?? [];
  if (layer.note !== undefined && !layer.note.startsWith('with ')) return layer;
  return { ...layer, note: `with ${[...new Set([...known, taken])].join(' and ')}` };
}
