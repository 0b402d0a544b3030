/**
 * The memory layout of lenet5. Activations share one arena of 23.6 kB;
 * at most 23.6 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
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

/** Creates the constants, and arrays for all other weights. */
export function createWeights() {
  return {
    convnet_c1_bias: new Float32Array(6),
    convnet_c3_bias: new Float32Array(16),
    convnet_c5_bias: new Float32Array(120),
    fc_f6_weight: new Float32Array(10080),
    fc_f6_bias: new Float32Array(84),
    fc_f7_weight: new Float32Array(840),
    fc_f7_bias: new Float32Array(10),
    convnet_c1_weight_ohwi4: new Float32Array(200),
    convnet_c3_weight_ohwi4: new Float32Array(2400),
    convnet_c5_weight_ohwi4: new Float32Array(48000),
  };
}
