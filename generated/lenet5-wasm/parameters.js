/** The tensors of the weight file and their addresses in bytes. They are row-major. */

import { w } from './memory.js';

/** What only `prepare` needs. It shares the memory of the activations. */
export const s = {
  /** f32[6,1,5,5], from call 0 to call 0 */
  convnet_c1_weight: 256832,
  /** f32[16,6,5,5], from call 0 to call 1 */
  convnet_c3_weight: 247232,
  /** f32[120,16,5,5], from call 2 to call 2 */
  convnet_c5_weight: 247232,
};

/** Views of the places of all tensors, with their names and shapes, in the order in which `prepare` needs them. */
export function nameWeights(buffer) {
  const tensor = (name, shape, address) => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    return { name, shape, data: new Float32Array(buffer, address, length) };
  };
  return [
    tensor('convnet.c1.weight', [6, 1, 5, 5], s.convnet_c1_weight),
    tensor('convnet.c3.weight', [16, 6, 5, 5], s.convnet_c3_weight),
    tensor('convnet.c5.weight', [120, 16, 5, 5], s.convnet_c5_weight),
    tensor('convnet.c1.bias', [6], w.convnet_c1_bias),
    tensor('convnet.c3.bias', [16], w.convnet_c3_bias),
    tensor('convnet.c5.bias', [120], w.convnet_c5_bias),
    tensor('fc.f6.weight', [84, 120], w.fc_f6_weight),
    tensor('fc.f6.bias', [84], w.fc_f6_bias),
    tensor('fc.f7.weight', [10, 84], w.fc_f7_weight),
    tensor('fc.f7.bias', [10], w.fc_f7_bias),
  ];
}
