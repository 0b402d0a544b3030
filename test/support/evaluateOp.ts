/** Runs one operation's reference loops on given numbers. */
import { sizeOf, type Attrs, type DType, type OpName } from '../../compiler/ir/types.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { singleNodeGraph } from './gradients.ts';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** Default f32. */
  readonly dtype?: DType;
}

/** A vector; other shapes must be said. */
export const tensor = (
  data: readonly number[],
  shape: readonly number[] = [data.length],
  dtype: DType = 'f32',
): Tensor => ({
  shape,
  data,
  dtype,
});

export function evaluateOp<K extends OpName>(op: K, operands: readonly Tensor[], attrs: Attrs[K]): number[] {
  const types = operands.map(({ shape, dtype = 'f32' }) => ({ dtype, shape }));
  for (const { shape, data } of operands)
    if (sizeOf(shape) !== data.length) throw new Error(`${data.length} numbers for [${shape.join()}]`);
  const { graph } = singleNodeGraph(op, types, attrs);
  const bindings = Object.fromEntries(operands.map(({ data }, i) => [`operand${i}`, data]));
  return Array.from(evaluateGraph(graph, bindings).outputs['result']!);
}
