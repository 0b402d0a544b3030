/**
 * Tensors whose numbers are known at import: weights, constants, and what is computed from them and from shapes.
 * Integers are kept as doubles. These are exact up to 2^53; beyond that only limits of ranges occur.
 */
import { fail } from '../../diagnostics/diagnostic.ts';
import { sizeOf } from '../../ir/types.ts';

/** The element types of model files that are supported. */
export type SourceDType =
  'f32' | 'f64' | 'f16' | 'bf16' | 'i64' | 'i32' | 'i16' | 'i8' | 'u64' | 'u32' | 'u16' | 'u8' | 'bool';

export interface Known {
  readonly kind: 'known';
  readonly dtype: SourceDType;
  readonly shape: readonly number[];
  /** Row-major. Float32Array for all floats except f64, Float64Array for the other types. */
  readonly data: Float32Array | Float64Array;
  /**
   * The weight of the file that the tensor is or was computed from. It becomes a parameter of the model. Undefined
   * for constants.
   */
  readonly source?: string;
}

/** The largest number of elements of a tensor at import: half a GiB of f32. */
export const MAX_KNOWN = 2 ** 27;

/** Limit for all known tensors of one import, so that a small file cannot use up all memory. */
const BUDGET_BYTES = 2 ** 31;
let budget = { subject: 'import', spent: 0 };

/**
 * Resets the budget. Call it before a file is read and before its model is built. Both run synchronously, so one
 * counter is enough.
 */
export function resetBudget(subject: string): void {
  budget = { subject, spent: 0 };
}

export const isFloat = (dtype: SourceDType): boolean => ['f32', 'f64', 'f16', 'bf16'].includes(dtype);

/** Returns zeros, to be filled. */
export function allocate(dtype: SourceDType, shape: readonly number[]): Known['data'] {
  const size = sizeOf(shape);
  if (!(size <= MAX_KNOWN))
    fail('CNNC3020', budget.subject, {}, `a constant of shape [${shape.join(',')}] is too large`);
  const isSingle = isFloat(dtype) && dtype !== 'f64';
  budget.spent += size * (isSingle ? 4 : 8);
  if (budget.spent > BUDGET_BYTES)
    fail('CNNC3020', budget.subject, {}, 'the constants of the file need more than 2 GiB');
  return isSingle ? new Float32Array(size) : new Float64Array(size);
}

export function known(
  dtype: SourceDType,
  shape: readonly number[],
  values: ArrayLike<number>,
  source?: string,
): Known {
  const data = allocate(dtype, shape);
  data.set(values);
  return { kind: 'known', dtype, shape, data, source };
}

export const knownIntegers = (values: readonly number[]): Known => known('i64', [values.length], values);

/** The same numbers in another shape. */
export const reshaped = (x: Known, shape: readonly number[]): Known => ({ ...x, shape });

/** The first source among the operands: the source of a result. */
export const sourceOf = (xs: readonly Known[]): string | undefined => xs.find((x) => x.source)?.source;

/** Strides of a row-major tensor, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Rounds the number to what a tensor of the type can hold. */
export function rounded(value: number, dtype: SourceDType): number {
  const limits = INTEGERS[dtype];
  if (!limits) return dtype === 'bool' ? Number(value !== 0) : value;
  return Math.trunc(value);
}

/** [lowest, highest] of the integer types that quantization saturates to. */
export const INTEGERS: Readonly<Partial<Record<SourceDType, readonly [number, number]>>> = {
  i8: [-(2 ** 7), 2 ** 7 - 1],
  u8: [0, 2 ** 8 - 1],
  i16: [-(2 ** 15), 2 ** 15 - 1],
  u16: [0, 2 ** 16 - 1],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  i64: [-(2 ** 63), 2 ** 63 - 1],
  u64: [0, 2 ** 64 - 1],
};
