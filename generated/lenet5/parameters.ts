// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/** The tensors of the weight file. They are row-major. */

import type { Weights } from './memory.js';
import type { StagedTensor } from './runtime.js';

/** What only `prepare` needs. */
export interface Staged {
  /** f32[6,1,5,5], from call 0 to call 0 */
  readonly convnet_c1_weight: Float32Array;
  /** f32[16,6,5,5], from call 0 to call 1 */
  readonly convnet_c3_weight: Float32Array;
  /** f32[120,16,5,5], from call 2 to call 2 */
  readonly convnet_c5_weight: Float32Array;
}

/** Creates the memory of `prepare` and its views; offsets are in bytes. */
export function createStaged(): Staged {
  const arena = new ArrayBuffer(192000);
  return {
    convnet_c1_weight: new Float32Array(arena, 9600, 150),
    convnet_c3_weight: new Float32Array(arena, 0, 2400),
    convnet_c5_weight: new Float32Array(arena, 0, 48000),
  };
}

/** All tensors, with their names and shapes, in the order in which `prepare` needs them. */
export function nameWeights(w: Weights, s: Staged): StagedTensor[] {
  return [
    { name: 'convnet.c1.weight', shape: [6, 1, 5, 5], data: s.convnet_c1_weight },
    { name: 'convnet.c3.weight', shape: [16, 6, 5, 5], data: s.convnet_c3_weight },
    { name: 'convnet.c5.weight', shape: [120, 16, 5, 5], data: s.convnet_c5_weight },
    { name: 'convnet.c1.bias', shape: [6], data: w.convnet_c1_bias },
    { name: 'convnet.c3.bias', shape: [16], data: w.convnet_c3_bias },
    { name: 'convnet.c5.bias', shape: [120], data: w.convnet_c5_bias },
    { name: 'fc.f6.weight', shape: [84, 120], data: w.fc_f6_weight },
    { name: 'fc.f6.bias', shape: [84], data: w.fc_f6_bias },
    { name: 'fc.f7.weight', shape: [10, 84], data: w.fc_f7_weight },
    { name: 'fc.f7.bias', shape: [10], data: w.fc_f7_bias },
  ];
}
