/** The tensors of the weight file and their ranges in bytes. They are row-major. */

import { w } from './memory.js';

/** Size of the GPUBuffer that only `prepare` needs, in bytes. */
export const STAGING_BYTES = 192512;

/** What only `prepare` needs. */
export const s = {
  /** f32[6,1,5,5], from call 0 to call 0 */
  convnet_c1_weight: { space: 'staging', offset: 9728, bytes: 600 },
  /** f32[6], from call 0 to call 1 */
  convnet_c1_bias: { space: 'staging', offset: 10496, bytes: 24 },
  /** f32[16,6,5,5], from call 0 to call 2 */
  convnet_c3_weight: { space: 'staging', offset: 0, bytes: 9600 },
  /** f32[120,16,5,5], from call 3 to call 3 */
  convnet_c5_weight: { space: 'staging', offset: 0, bytes: 192000 },
  /** f32[120], from call 3 to call 4 */
  convnet_c5_bias: { space: 'staging', offset: 192000, bytes: 480 },
};

/** All tensors, with their names and shapes, in the order in which `prepare` needs them. */
export const weights = [
  { name: 'convnet.c1.weight', shape: [6, 1, 5, 5], range: s.convnet_c1_weight },
  { name: 'convnet.c1.bias', shape: [6], range: s.convnet_c1_bias },
  { name: 'convnet.c3.weight', shape: [16, 6, 5, 5], range: s.convnet_c3_weight },
  { name: 'convnet.c5.weight', shape: [120, 16, 5, 5], range: s.convnet_c5_weight },
  { name: 'convnet.c5.bias', shape: [120], range: s.convnet_c5_bias },
  { name: 'convnet.c3.bias', shape: [16], range: w.convnet_c3_bias },
  { name: 'fc.f6.weight', shape: [84, 120], range: w.fc_f6_weight },
  { name: 'fc.f6.bias', shape: [84], range: w.fc_f6_bias },
  { name: 'fc.f7.weight', shape: [10, 84], range: w.fc_f7_weight },
  { name: 'fc.f7.bias', shape: [10], range: w.fc_f7_bias },
];
