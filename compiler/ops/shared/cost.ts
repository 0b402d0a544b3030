import { sizeOf, type TensorType } from '../../ir/types.ts';

/** All element types are four bytes wide. */
export const BYTES_PER_ELEMENT = 4;

export const bytesOf = (types: readonly TensorType[]): number =>
  types.reduce((sum, type) => sum + sizeOf(type.shape) * BYTES_PER_ELEMENT, 0);
