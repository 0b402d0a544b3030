// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 2 kernel calls, 120 multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 */

import { linear_4to3, softmax } from './kernels.js';
import type { Memory, Weights } from './memory.js';

export function forward(m: Memory, w: Weights): void {
  // fc (test/golden/classifier/model.ts:9): f32[2,3], 24 multiply-adds
  linear_4to3(m.measurements, w.fc_weight, w.fc_bias, m.fc);
  // softmax (test/golden/classifier/model.ts:9): f32[2,3], 96 multiply-adds
  softmax(m.fc, m.probabilities);
}
