// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 3 kernel calls, 528 multiply-adds; `m` holds the activations.
 */

import { averagePool_2x2_s2_3, globalAveragePool, maxPool_3x3_s2_3 } from './kernels.js';
import type { Memory } from './memory.js';

export function forward(m: Memory): void {
  // maxPool (test/golden/pools/model.ts:8): f32[1,3,4,4], 432 multiply-adds
  maxPool_3x3_s2_3(m.image, m.maxPool);
  // averagePool (test/golden/pools/model.ts:9): f32[1,3,2,2], 48 multiply-adds
  averagePool_2x2_s2_3(m.maxPool, m.halves);
  // globalAveragePool (test/golden/pools/model.ts:9): f32[1,3,1,1], 48 multiply-adds
  globalAveragePool(m.maxPool, m.means);
}
