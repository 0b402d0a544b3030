/**
 * The memory layout of resnet18. Activations share one arena of 4.01 MB;
 * at most 4.01 MB are in use at a time.
 * Weights are views of the weight file, packed in the layouts that the kernels read.
 */

export const ARENA_BYTES = 4014080;

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory() {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 3211264, 150528),
    conv1: new Float32Array(arena, 0, 802816),
    maxPool: new Float32Array(arena, 3211264, 200704),
    layer1_0_conv1: new Float32Array(arena, 0, 200704),
    layer1_0_conv2: new Float32Array(arena, 3211264, 200704),
    layer1_1_conv1: new Float32Array(arena, 0, 200704),
    layer1_1_conv2: new Float32Array(arena, 3211264, 200704),
    layer2_0_conv1: new Float32Array(arena, 0, 100352),
    layer2_0_downsample_0: new Float32Array(arena, 401408, 100352),
    layer2_0_conv2: new Float32Array(arena, 401408, 100352),
    layer2_1_conv1: new Float32Array(arena, 0, 100352),
    layer2_1_conv2: new Float32Array(arena, 401408, 100352),
    layer3_0_conv1: new Float32Array(arena, 0, 50176),
    layer3_0_downsample_0: new Float32Array(arena, 200704, 50176),
    layer3_0_conv2: new Float32Array(arena, 200704, 50176),
    layer3_1_conv1: new Float32Array(arena, 0, 50176),
    layer3_1_conv2: new Float32Array(arena, 200704, 50176),
    layer4_0_conv1: new Float32Array(arena, 0, 25088),
    layer4_0_downsample_0: new Float32Array(arena, 100352, 25088),
    layer4_0_conv2: new Float32Array(arena, 100352, 25088),
    layer4_1_conv1: new Float32Array(arena, 0, 25088),
    layer4_1_conv2: new Float32Array(arena, 100352, 25088),
    globalAveragePool: new Float32Array(arena, 4032, 512),
    logits: new Float32Array(arena, 0, 1000),
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
    bn1_shift: tensor('bn1_shift', 64),
    conv1_weight_folded_ohwi4: tensor('conv1_weight_folded_ohwi4', 9408),
    layer1_0_bn1_shift: tensor('layer1_0_bn1_shift', 64),
    layer1_0_conv1_weight_folded_ohwi4: tensor('layer1_0_conv1_weight_folded_ohwi4', 36864),
    layer1_0_bn2_shift: tensor('layer1_0_bn2_shift', 64),
    layer1_0_conv2_weight_folded_ohwi4: tensor('layer1_0_conv2_weight_folded_ohwi4', 36864),
    layer1_1_bn1_shift: tensor('layer1_1_bn1_shift', 64),
    layer1_1_conv1_weight_folded_ohwi4: tensor('layer1_1_conv1_weight_folded_ohwi4', 36864),
    layer1_1_bn2_shift: tensor('layer1_1_bn2_shift', 64),
    layer1_1_conv2_weight_folded_ohwi4: tensor('layer1_1_conv2_weight_folded_ohwi4', 36864),
    layer2_0_bn1_shift: tensor('layer2_0_bn1_shift', 128),
    layer2_0_conv1_weight_folded_ohwi4: tensor('layer2_0_conv1_weight_folded_ohwi4', 73728),
    layer2_0_bn2_shift: tensor('layer2_0_bn2_shift', 128),
    layer2_0_downsample_1_shift: tensor('layer2_0_downsample_1_shift', 128),
    layer2_0_downsample_0_weight_folded_ohwi4: tensor('layer2_0_downsample_0_weight_folded_ohwi4', 8192),
    layer2_0_conv2_weight_folded_ohwi4: tensor('layer2_0_conv2_weight_folded_ohwi4', 147456),
    layer2_1_bn1_shift: tensor('layer2_1_bn1_shift', 128),
    layer2_1_conv1_weight_folded_ohwi4: tensor('layer2_1_conv1_weight_folded_ohwi4', 147456),
    layer2_1_bn2_shift: tensor('layer2_1_bn2_shift', 128),
    layer2_1_conv2_weight_folded_ohwi4: tensor('layer2_1_conv2_weight_folded_ohwi4', 147456),
    layer3_0_bn1_shift: tensor('layer3_0_bn1_shift', 256),
    layer3_0_conv1_weight_folded_ohwi4: tensor('layer3_0_conv1_weight_folded_ohwi4', 294912),
    layer3_0_bn2_shift: tensor('layer3_0_bn2_shift', 256),
    layer3_0_downsample_1_shift: tensor('layer3_0_downsample_1_shift', 256),
    layer3_0_downsample_0_weight_folded_ohwi4: tensor('layer3_0_downsample_0_weight_folded_ohwi4', 32768),
    layer3_0_conv2_weight_folded_ohwi4: tensor('layer3_0_conv2_weight_folded_ohwi4', 589824),
    layer3_1_bn1_shift: tensor('layer3_1_bn1_shift', 256),
    layer3_1_conv1_weight_folded_ohwi4: tensor('layer3_1_conv1_weight_folded_ohwi4', 589824),
    layer3_1_bn2_shift: tensor('layer3_1_bn2_shift', 256),
    layer3_1_conv2_weight_folded_ohwi4: tensor('layer3_1_conv2_weight_folded_ohwi4', 589824),
    layer4_0_bn1_shift: tensor('layer4_0_bn1_shift', 512),
    layer4_0_conv1_weight_folded_ohwi4: tensor('layer4_0_conv1_weight_folded_ohwi4', 1179648),
    layer4_0_bn2_shift: tensor('layer4_0_bn2_shift', 512),
    layer4_0_downsample_1_shift: tensor('layer4_0_downsample_1_shift', 512),
    layer4_0_downsample_0_weight_folded_ohwi4: tensor('layer4_0_downsample_0_weight_folded_ohwi4', 131072),
    layer4_0_conv2_weight_folded_ohwi4: tensor('layer4_0_conv2_weight_folded_ohwi4', 2359296),
    layer4_1_bn1_shift: tensor('layer4_1_bn1_shift', 512),
    layer4_1_conv1_weight_folded_ohwi4: tensor('layer4_1_conv1_weight_folded_ohwi4', 2359296),
    layer4_1_bn2_shift: tensor('layer4_1_bn2_shift', 512),
    layer4_1_conv2_weight_folded_ohwi4: tensor('layer4_1_conv2_weight_folded_ohwi4', 2359296),
    fc_weight: tensor('fc.weight', 512000),
    fc_bias: tensor('fc.bias', 1000),
  };
}
