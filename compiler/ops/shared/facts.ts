/** Facts that many operators state. */
import { sameShape, type TensorType } from '../../ir/types.ts';

/** For operators that do nothing where the result has the shape of x. */
export const keepsShape = ([x]: readonly TensorType[], _attrs: unknown, output: TensorType): boolean =>
  sameShape(x!.shape, output.shape);
