/**
 * The memory layout of resnet20. Activations share one arena of 131 kB;
 * at most 131 kB are in use at a time.
 * Weights are views of the weight file, packed in the layouts that the kernels read.
 */

export const ARENA_BYTES = 131072;

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory() {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 65536, 3072),
    conv1: new Float32Array(arena, 0, 16384),
    layer1_0_conv1: new Float32Array(arena, 65536, 16384),
    layer1_0_conv2: new Float32Array(arena, 0, 16384),
    layer1_1_conv1: new Float32Array(arena, 65536, 16384),
    layer1_1_conv2: new Float32Array(arena, 0, 16384),
    layer1_2_conv1: new Float32Array(arena, 65536, 16384),
    layer1_2_conv2: new Float32Array(arena, 0, 16384),
    layer2_0_conv1: new Float32Array(arena, 65536, 8192),
    layer2_0_slice: new Float32Array(arena, 0, 15856),
    layer2_0_pad: new Float32Array(arena, 98304, 8192),
    layer2_0_conv2: new Float32Array(arena, 98304, 8192),
    layer2_1_conv1: new Float32Array(arena, 0, 8192),
    layer2_1_conv2: new Float32Array(arena, 98304, 8192),
    layer2_2_conv1: new Float32Array(arena, 0, 8192),
    layer2_2_conv2: new Float32Array(arena, 98304, 8192),
    layer3_0_conv1: new Float32Array(arena, 0, 4096),
    layer3_0_slice: new Float32Array(arena, 98304, 7648),
    layer3_0_pad: new Float32Array(arena, 16384, 4096),
    layer3_0_conv2: new Float32Array(arena, 16384, 4096),
    layer3_1_conv1: new Float32Array(arena, 0, 4096),
    layer3_1_conv2: new Float32Array(arena, 16384, 4096),
    layer3_2_conv1: new Float32Array(arena, 0, 4096),
    layer3_2_conv2: new Float32Array(arena, 16384, 4096),
    globalAveragePool: new Float32Array(arena, 0, 64),
    logits: new Float32Array(arena, 256, 10),
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
    bn1_shift: tensor('bn1_shift', 16),
    conv1_weight_folded_ohwi4: tensor('conv1_weight_folded_ohwi4', 432),
    layer1_0_bn1_shift: tensor('layer1_0_bn1_shift', 16),
    layer1_0_conv1_weight_folded_ohwi4: tensor('layer1_0_conv1_weight_folded_ohwi4', 2304),
    layer1_0_bn2_shift: tensor('layer1_0_bn2_shift', 16),
    layer1_0_conv2_weight_folded_ohwi4: tensor('layer1_0_conv2_weight_folded_ohwi4', 2304),
    layer1_1_bn1_shift: tensor('layer1_1_bn1_shift', 16),
    layer1_1_conv1_weight_folded_ohwi4: tensor('layer1_1_conv1_weight_folded_ohwi4', 2304),
    layer1_1_bn2_shift: tensor('layer1_1_bn2_shift', 16),
    layer1_1_conv2_weight_folded_ohwi4: tensor('layer1_1_conv2_weight_folded_ohwi4', 2304),
    layer1_2_bn1_shift: tensor('layer1_2_bn1_shift', 16),
    layer1_2_conv1_weight_folded_ohwi4: tensor('layer1_2_conv1_weight_folded_ohwi4', 2304),
    layer1_2_bn2_shift: tensor('layer1_2_bn2_shift', 16),
    layer1_2_conv2_weight_folded_ohwi4: tensor('layer1_2_conv2_weight_folded_ohwi4', 2304),
    layer2_0_bn1_shift: tensor('layer2_0_bn1_shift', 32),
    layer2_0_conv1_weight_folded_ohwi4: tensor('layer2_0_conv1_weight_folded_ohwi4', 4608),
    layer2_0_bn2_shift: tensor('layer2_0_bn2_shift', 32),
    layer2_0_conv2_weight_folded_ohwi4: tensor('layer2_0_conv2_weight_folded_ohwi4', 9216),
    layer2_1_bn1_shift: tensor('layer2_1_bn1_shift', 32),
    layer2_1_conv1_weight_folded_ohwi4: tensor('layer2_1_conv1_weight_folded_ohwi4', 9216),
    layer2_1_bn2_shift: tensor('layer2_1_bn2_shift', 32),
    layer2_1_conv2_weight_folded_ohwi4: tensor('layer2_1_conv2_weight_folded_ohwi4', 9216),
    layer2_2_bn1_shift: tensor('layer2_2_bn1_shift', 32),
    layer2_2_conv1_weight_folded_ohwi4: tensor('layer2_2_conv1_weight_folded_ohwi4', 9216),
    layer2_2_bn2_shift: tensor('layer2_2_bn2_shift', 32),
    layer2_2_conv2_weight_folded_ohwi4: tensor('layer2_2_conv2_weight_folded_ohwi4', 9216),
    layer3_0_bn1_shift: tensor('layer3_0_bn1_shift', 64),
    layer3_0_conv1_weight_folded_ohwi4: tensor('layer3_0_conv1_weight_folded_ohwi4', 18432),
    layer3_0_bn2_shift: tensor('layer3_0_bn2_shift', 64),
    layer3_0_conv2_weight_folded_ohwi4: tensor('layer3_0_conv2_weight_folded_ohwi4', 36864),
    layer3_1_bn1_shift: tensor('layer3_1_bn1_shift', 64),
    layer3_1_conv1_weight_folded_ohwi4: tensor('layer3_1_conv1_weight_folded_ohwi4', 36864),
    layer3_1_bn2_shift: tensor('layer3_1_bn2_shift', 64),
    layer3_1_conv2_weight_folded_ohwi4: tensor('layer3_1_conv2_weight_folded_ohwi4', 36864),
    layer3_2_bn1_shift: tensor('layer3_2_bn1_shift', 64),
    layer3_2_conv1_weight_folded_ohwi4: tensor('layer3_2_conv1_weight_folded_ohwi4', 36864),
    layer3_2_bn2_shift: tensor('layer3_2_bn2_shift', 64),
    layer3_2_conv2_weight_folded_ohwi4: tensor('layer3_2_conv2_weight_folded_ohwi4', 36864),
    linear_weight: tensor('linear.weight', 640),
    linear_bias: tensor('linear.bias', 10),
  };
}
