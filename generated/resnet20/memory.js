/**
 * The memory layout of resnet20. Activations share one arena of 131 kB;
 * at most 131 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
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

/** Creates the constants, and arrays for all other weights. */
export function createWeights() {
  return {
    linear_weight: new Float32Array(640),
    linear_bias: new Float32Array(10),
    bn1_shift: new Float32Array(16),
    conv1_weight_folded_ohwi4: new Float32Array(432),
    layer1_0_bn1_shift: new Float32Array(16),
    layer1_0_conv1_weight_folded_ohwi4: new Float32Array(2304),
    layer1_0_bn2_shift: new Float32Array(16),
    layer1_0_conv2_weight_folded_ohwi4: new Float32Array(2304),
    layer1_1_bn1_shift: new Float32Array(16),
    layer1_1_conv1_weight_folded_ohwi4: new Float32Array(2304),
    layer1_1_bn2_shift: new Float32Array(16),
    layer1_1_conv2_weight_folded_ohwi4: new Float32Array(2304),
    layer1_2_bn1_shift: new Float32Array(16),
    layer1_2_conv1_weight_folded_ohwi4: new Float32Array(2304),
    layer1_2_bn2_shift: new Float32Array(16),
    layer1_2_conv2_weight_folded_ohwi4: new Float32Array(2304),
    layer2_0_bn1_shift: new Float32Array(32),
    layer2_0_conv1_weight_folded_ohwi4: new Float32Array(4608),
    layer2_0_bn2_shift: new Float32Array(32),
    layer2_0_conv2_weight_folded_ohwi4: new Float32Array(9216),
    layer2_1_bn1_shift: new Float32Array(32),
    layer2_1_conv1_weight_folded_ohwi4: new Float32Array(9216),
    layer2_1_bn2_shift: new Float32Array(32),
    layer2_1_conv2_weight_folded_ohwi4: new Float32Array(9216),
    layer2_2_bn1_shift: new Float32Array(32),
    layer2_2_conv1_weight_folded_ohwi4: new Float32Array(9216),
    layer2_2_bn2_shift: new Float32Array(32),
    layer2_2_conv2_weight_folded_ohwi4: new Float32Array(9216),
    layer3_0_bn1_shift: new Float32Array(64),
    layer3_0_conv1_weight_folded_ohwi4: new Float32Array(18432),
    layer3_0_bn2_shift: new Float32Array(64),
    layer3_0_conv2_weight_folded_ohwi4: new Float32Array(36864),
    layer3_1_bn1_shift: new Float32Array(64),
    layer3_1_conv1_weight_folded_ohwi4: new Float32Array(36864),
    layer3_1_bn2_shift: new Float32Array(64),
    layer3_1_conv2_weight_folded_ohwi4: new Float32Array(36864),
    layer3_2_bn1_shift: new Float32Array(64),
    layer3_2_conv1_weight_folded_ohwi4: new Float32Array(36864),
    layer3_2_bn2_shift: new Float32Array(64),
    layer3_2_conv2_weight_folded_ohwi4: new Float32Array(36864),
  };
}
