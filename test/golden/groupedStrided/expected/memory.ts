// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of grouped-strided. Activations share one arena of 1.54 kB;
 * at most 1.54 kB are in use at a time.
 * Weights are views of the weight file, packed in the layouts that the kernels read.
 */

import type { WeightTensor } from './runtime.js';

export const ARENA_BYTES = 1536;

export interface Memory {
  /** f32[1,4,8,8], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,8,4,4], nhwc, from call 0 to call 1 */
  readonly grouped: Float32Array;
  /** f32[1,8,4,4], from call 1 to the end */
  readonly features: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 0, 256),
    grouped: new Float32Array(arena, 1024, 128),
    features: new Float32Array(arena, 0, 128),
  };
}

export interface Weights {
  /** f32[8] */
  readonly grouped_bias: Float32Array;
  /** f32[8,2,3,3], ohwi4 */
  readonly grouped_weight_ohwi4: Float32Array;
  /** f32[8,1,3,3] */
  readonly depthwise_weight: Float32Array;
  /** f32[8] */
  readonly depthwise_bias: Float32Array;
}

/** Creates views of the weight file without a copy. Throws if a tensor is missing or has another size. */
export function bindWeights(file: ReadonlyMap<string, WeightTensor>): Weights {
  const tensor = (name: string, length: number): Float32Array => {
    const found = file.get(name);
    if (!found) throw new Error(`the weight file has no tensor "${name}": it does not belong to this model`);
    if (found.data.length !== length) {
      throw new Error(
        `the weight file's tensor "${name}" has ${found.data.length} numbers, expected ${length}`,
      );
    }
    return found.data;
  };
  return {
    grouped_bias: tensor('grouped.bias', 8),
    grouped_weight_ohwi4: tensor('grouped_weight_ohwi4', 144),
    depthwise_weight: tensor('depthwise.weight', 72),
    depthwise_bias: tensor('depthwise.bias', 8),
  };
}
