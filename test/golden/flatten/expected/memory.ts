// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of flatten. Activations share one arena of 128 B;
 * at most 128 B are in use at a time.
 * Weights are views of the weight file, packed in the layouts that the kernels read.
 */

import type { WeightTensor } from './runtime.js';

export const ARENA_BYTES = 128;

export interface Memory {
  /** f32[1,1,4,4], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,2,2,2], from call 0 to call 1 */
  readonly conv: Float32Array;
  /** f32[1,3], from call 1 to the end */
  readonly logits: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 0, 16),
    conv: new Float32Array(arena, 64, 8),
    logits: new Float32Array(arena, 0, 3),
  };
}

export interface Weights {
  /** f32[2] */
  readonly conv_bias: Float32Array;
  /** f32[2,1,3,3], ohwi4 */
  readonly conv_weight_ohwi4: Float32Array;
  /** f32[3,8] */
  readonly fc_weight: Float32Array;
  /** f32[3] */
  readonly fc_bias: Float32Array;
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
    conv_bias: tensor('conv.bias', 2),
    conv_weight_ohwi4: tensor('conv_weight_ohwi4', 36),
    fc_weight: tensor('fc.weight', 24),
    fc_bias: tensor('fc.bias', 3),
  };
}
