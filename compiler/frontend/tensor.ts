/**
 * The handle of a value while a model is built: what layers take and give. Its shape is known at once, so
 * that a model's code can depend on it.
 */
import type { DType, ValueId } from '../ir/types.ts';

const owner = Symbol('the net that a tensor belongs to');

export interface Tensor {
  readonly dtype: DType;
  /** Batch first; images are [N, C, H, W]. */
  readonly shape: readonly number[];
  /** Extent of axis 1: channels of an image, features of a vector. 1 where there is no such axis. */
  readonly channels: number;
  /** Extents of axes 2 and 3; 1 where there are none. */
  readonly height: number;
  readonly width: number;
  /** The node in the graph under construction. */
  readonly value: ValueId;
  readonly [owner]: object;
}

/** `net` is whatever stands for the graph under construction; see `belongsTo`. */
export function createTensor(net: object, value: ValueId, dtype: DType, shape: readonly number[]): Tensor {
  const [, channels = 1, height = 1, width = 1] = shape;
  return Object.freeze({ dtype, shape, channels, height, width, value, [owner]: net });
}

export const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && owner in value;

export const belongsTo = (net: object, tensor: Tensor): boolean => tensor[owner] === net;

/** What a wrong value is, for a diagnosis: `undefined`, `"relu"`, `a function`, `{ channels, kernel }`. */
export function describe(value: unknown): string {
  if (isTensor(value)) return `a tensor of shape [${value.shape.join(',')}]`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`;
}
