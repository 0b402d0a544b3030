/**
 * Pointwise operators: one expression per element. Operands broadcast as in ONNX and NumPy: shapes are aligned at the
 * last axis, and an extent of 1 repeats.
 */
import { type OpName, type TensorType, type ValueId } from '../../ir/types.ts';
import type { GraphBuilder } from '../../ir/builder.ts';
import { add, constant, splat, toExpr, vector, type Operand } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OpFacts } from '../facts.ts';
import type { OpDefinition, Reject, Site, TensorAccess } from '../types.ts';
import { perResult } from './cost.ts';

/** The common shape, or undefined if the shapes do not broadcast. */
export function broadcastShapes(shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const extents = shapes.map((shape) => shape[axis - (rank - shape.length)] ?? 1);
    const extent = extents.find((e) => e !== 1) ?? 1;
    if (extents.some((e) => e !== 1 && e !== extent)) return undefined;
    result.push(extent);
  }
  return result;
}

export function inferBroadcast(inputs: readonly TensorType[], reject: Reject): TensorType {
  const shape = broadcastShapes(inputs.map((input) => input.shape));
  if (!shape)
    reject(
      'CNNC1202',
      `the shapes ${inputs.map((x) => `[${x.shape.join(',')}]`).join(' and ')} do not broadcast`,
    );
  return { dtype: inputs[0]!.dtype, shape: shape };
}

/** The operand's index for an index into the result. */
export function broadcastIndex(shape: readonly number[], index: readonly Operand[]): Operand[] {
  const offset = index.length - shape.length;
  return shape.map((extent, axis) => (extent === 1 ? constant(0) : index[axis + offset]!));
}

/** Loads one element, or four neighbouring channels. An operand with a single channel repeats it. */
export function loadBroadcast(access: TensorAccess, index: readonly Operand[], what?: 'channels'): Expr {
  const { shape } = access.type;
  const at = broadcastIndex(shape, index);
  if (what !== 'channels') return access.load(at);
  const channelAxis = 1 - (index.length - shape.length);
  if (channelAxis === 1) return access.loadChannels(at);
  const hasChannels = channelAxis === 0 && shape[0] !== 1;
  if (!hasChannels) return splat(access.load(at));
  const channel = toExpr(at[0]!, 'i32');
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => access.load([add(channel, i), ...at.slice(1)]));
  return vector(a!, b!, c!, d!);
}

/** Names of loops over a tensor of this rank. */
export function axisNames(rank: number): string[] {
  if (rank === 4) return ['n', 'c', 'oy', 'ox'];
  if (rank === 2) return ['n', 'c'];
  return Array.from({ length: rank }, (_, axis) => `i${axis}`);
}

/** The definition of a pointwise operator, without what follows from its expression. */
export type PointwiseFacts<K extends OpName> = Omit<OpFacts<K>, 'pointwise' | 'structural'> &
  Pick<OpDefinition<K>, 'gradient' | 'samples' | 'onnx'>;

type PointwisePart<K extends OpName> = PointwiseFacts<K> & {
  readonly operands: readonly string[];
  readonly pointwise: NonNullable<OpFacts<K>['pointwise']>;
  /** Default: the broadcast shape and the first operand's dtype. */
  readonly infer?: OpDefinition<K>['infer'];
};

/** Completes a pointwise operator: shape rule, loops and cost follow from its expression. */
export function pointwiseOp<K extends OpName>(name: K, part: PointwisePart<K>): OpDefinition<K> {
  return {
    name,
    infer(inputs, _attrs, reject) {
      const dtypes = new Set(inputs.map(({ dtype }) => dtype));
      if (dtypes.size > 1)
        reject('CNNC1203', `the operands are ${[...dtypes].join(' and ')}, expected one element type`);
      return inferBroadcast(inputs, reject);
    },
    define({ attrs, inputs, output }: Site<K>, k) {
      const shape = output.type.shape;
      k.forEach(axisNames(shape.length), shape, (index) => {
        const values = inputs.map((input) => loadBroadcast(input, index));
        output.store(index, part.pointwise(values, attrs, k));
      });
    },
    cost: perResult(),
    ...part,
  };
}

/** The gradient of a broadcast operand: the sum over the axes that were repeated. */
export function sumToShape(g: GraphBuilder, value: ValueId, shape: readonly number[]): ValueId {
  const from = g.shapeOf(value);
  const offset = from.length - shape.length;
  const axes = from
    .map((_, axis) => axis)
    .filter((axis) => (shape[axis - offset] ?? 1) === 1 && (from[axis] !== 1 || axis < offset));
  if (axes.length === 0) return value;
  const summed = g.node('reduceSum', [value], { axes, keepDims: true });
  return offset === 0 ? summed : g.node('reshape', [summed], { shape });
}
