import { sizeOf, type TensorType } from '../../ir/types.ts';
import type { Cost } from '../types.ts';

/** All element types have four bytes. */
const BYTES_PER_ELEMENT = 4;

export const bytesOf = (types: readonly TensorType[]): number =>
  types.reduce((sum, type) => sum + sizeOf(type.shape) * BYTES_PER_ELEMENT, 0);

/** exp, log and the like count as this many multiply-adds. */
export const TRANSCENDENTAL_COST = 8;

type CostRule = (inputs: readonly TensorType[], attrs: unknown, output: TensorType) => Cost;

/** This many multiply-adds for each number of the result. */
export const perResult =
  (multiplyAdds = 1): CostRule =>
  (inputs, _attrs, output) => ({
    multiplyAdds: multiplyAdds * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  });

/** This many multiply-adds for each number of an operand. */
export const perOperand =
  (operand = 0, multiplyAdds = 1): CostRule =>
  (inputs, _attrs, output) => ({
    multiplyAdds: multiplyAdds * sizeOf(inputs[operand]!.shape),
    bytes: bytesOf([...inputs, output]),
  });

/** Only moves numbers. */
export const movesOnly: CostRule = perResult(0);
