/** Facts that many operators share. */
import { sameShape, type TensorType } from '../../ir/types.ts';

/** Whether x has the shape of the result. Then operators such as reshape do nothing. */
export const keepsShape = ([x]: readonly TensorType[], _attrs: unknown, output: TensorType): boolean =>
  sameShape(x!.shape, output.shape);
