/**
 * The memory layout of lenet5. Activations share one arena of 23.6 kB;
 * at most 23.6 kB are in use at a time.
 * Weights are views of the weight file, packed in the layouts that the kernels read.
 */

export const ARENA_BYTES = 23552;

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory() {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 18816, 1024),
    convnet_c1: new Float32Array(arena, 0, 4704),
    maxPool: new Float32Array(arena, 18816, 1176),
    convnet_c3: new Float32Array(arena, 0, 1600),
    maxPool2: new Float32Array(arena, 6400, 400),
    convnet_c5: new Float32Array(arena, 0, 120),
    fc_f6: new Float32Array(arena, 512, 84),
    logits: new Float32Array(arena, 0, 10),
  };
}

/** Creates views of the weight file without a copy. Throws if a tensor is missing or has another size. */
export function bindWeights(file) {
  const tensor = (name, length) => {
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
    convnet_c1_bias: tensor('convnet.c1.bias', 6),
    convnet_c1_weight_ohwi4: tensor('convnet_c1_weight_ohwi4', 200),
    convnet_c3_bias: tensor('convnet.c3.bias', 16),
    convnet_c3_weight_ohwi4: tensor('convnet_c3_weight_ohwi4', 2400),
    convnet_c5_bias: tensor('convnet.c5.bias', 120),
    convnet_c5_weight_ohwi4: tensor('convnet_c5_weight_ohwi4', 48000),
    fc_f6_weight: tensor('fc.f6.weight', 10080),
    fc_f6_bias: tensor('fc.f6.bias', 84),
    fc_f7_weight: tensor('fc.f7.weight', 840),
    fc_f7_bias: tensor('fc.f7.bias', 10),
  };
}
