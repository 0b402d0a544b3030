/**
 * The value that layers take and return while a model is built. Its shape is known immediately, so a model's code can
 * depend on it.
 */
import type { DType, ValueId } from '../ir/types.ts';

const owner = Symbol('the net that a tensor belongs to');

/** A value in the graph under construction. Layers take tensors and return tensors. */
export interface Tensor {
  /** Type of the elements: `f32`, `i32` or `u32`. */
  readonly dtype: DType;
  /** Extents, with the batch first. Images are [N, C, H, W]. */
  readonly shape: readonly number[];
  /** Extent of axis 1: channels of an image, features of a vector. 1 if there is no such axis. */
  readonly channels: number;
  /** Extent of axis 2; 1 if there is no such axis. */
  readonly height: number;
  /** Extent of axis 3; 1 if there is no such axis. */
  readonly width: number;
  /** The node in the graph under construction. */
  readonly value: ValueId;
  readonly [owner]: object;
}

/** Creates a tensor. `net` is any object that identifies the graph under construction; see `belongsTo`. */
export function createTensor(net: object, value: ValueId, dtype: DType, shape: readonly number[]): Tensor {
  const [, channels = 1, height = 1, width = 1] = shape;
  return Object.freeze({ dtype, shape, channels, height, width, value, [owner]: net });
}

export const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && owner in value;

/** Whether the tensor belongs to this net. */
export const belongsTo = (net: object, tensor: Tensor): boolean => tensor[owner] === net;

/**
 * Describes a wrong value for an error: `undefined`, `"relu"`, `the function f`, `an object with channels, kernel`.
 */
export function describe(value: unknown): string {
  if (isTensor(value)) return `a tensor of shape [${value.shape.join(',')}]`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`;
}
