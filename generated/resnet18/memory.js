/**
 * The memory layout of resnet18. Activations share one arena of 4.01 MB;
 * at most 4.01 MB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
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

/** Creates the constants, and arrays for all other weights. */
export function createWeights() {
  return {
    fc_weight: new Float32Array(512000),
    fc_bias: new Float32Array(1000),
    bn1_shift: new Float32Array(64),
    conv1_weight_folded_ohwi4: new Float32Array(9408),
    layer1_0_bn1_shift: new Float32Array(64),
    layer1_0_conv1_weight_folded_ohwi4: new Float32Array(36864),
    layer1_0_bn2_shift: new Float32Array(64),
    layer1_0_conv2_weight_folded_ohwi4: new Float32Array(36864),
    layer1_1_bn1_shift: new Float32Array(64),
    layer1_1_conv1_weight_folded_ohwi4: new Float32Array(36864),
    layer1_1_bn2_shift: new Float32Array(64),
    layer1_1_conv2_weight_folded_ohwi4: new Float32Array(36864),
    layer2_0_bn1_shift: new Float32Array(128),
    layer2_0_conv1_weight_folded_ohwi4: new Float32Array(73728),
    layer2_0_bn2_shift: new Float32Array(128),
    layer2_0_downsample_1_shift: new Float32Array(128),
    layer2_0_downsample_0_weight_folded_ohwi4: new Float32Array(8192),
    layer2_0_conv2_weight_folded_ohwi4: new Float32Array(147456),
    layer2_1_bn1_shift: new Float32Array(128),
    layer2_1_conv1_weight_folded_ohwi4: new Float32Array(147456),
    layer2_1_bn2_shift: new Float32Array(128),
    layer2_1_conv2_weight_folded_ohwi4: new Float32Array(147456),
    layer3_0_bn1_shift: new Float32Array(256),
    layer3_0_conv1_weight_folded_ohwi4: new Float32Array(294912),
    layer3_0_bn2_shift: new Float32Array(256),
    layer3_0_downsample_1_shift: new Float32Array(256),
    layer3_0_downsample_0_weight_folded_ohwi4: new Float32Array(32768),
    layer3_0_conv2_weight_folded_ohwi4: new Float32Array(589824),
    layer3_1_bn1_shift: new Float32Array(256),
    layer3_1_conv1_weight_folded_ohwi4: new Float32Array(589824),
    layer3_1_bn2_shift: new Float32Array(256),
    layer3_1_conv2_weight_folded_ohwi4: new Float32Array(589824),
    layer4_0_bn1_shift: new Float32Array(512),
    layer4_0_conv1_weight_folded_ohwi4: new Float32Array(1179648),
    layer4_0_bn2_shift: new Float32Array(512),
    layer4_0_downsample_1_shift: new Float32Array(512),
    layer4_0_downsample_0_weight_folded_ohwi4: new Float32Array(131072),
    layer4_0_conv2_weight_folded_ohwi4: new Float32Array(2359296),
    layer4_1_bn1_shift: new Float32Array(512),
    layer4_1_conv1_weight_folded_ohwi4: new Float32Array(2359296),
    layer4_1_bn2_shift: new Float32Array(512),
    layer4_1_conv2_weight_folded_ohwi4: new Float32Array(2359296),
  };
}
