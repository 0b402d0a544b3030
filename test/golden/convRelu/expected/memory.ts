// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of conv-relu. Activations share one arena of 768 B;
 * at most 768 B are in use at a time.
 * Weights are views of the weight file, packed in the layouts that the kernels read.
 */

import type { WeightTensor } from './runtime.js';

export const ARENA_BYTES = 768;

export interface Memory {
  /** f32[1,2,5,5], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,5,5,5], from call 0 to the end */
  readonly features: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 512, 50),
    features: new Float32Array(arena, 0, 125),
  };
}

export interface Weights {
  /** f32[5] */
  readonly conv_bias: Float32Array;
  /** f32[5,2,3,3], ohwi4 */
  readonly conv_weight_ohwi4: Float32Array;
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
    conv_bias: tensor('conv.bias', 5),
    conv_weight_ohwi4: tensor('conv_weight_ohwi4', 144),
  };
}
