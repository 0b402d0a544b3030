/** The properties of nets.test.ts, on SwiftShader. Buffers are poisoned, and memory outside of buffers must still be poison at the end. */
import { it } from 'vitest';
import { WEBGPU_FAMILIES } from '../support/backends.ts';
import { describeOnGpu } from '../support/gpu.ts';
import { checkNets, INFERENCE, TRAINING } from './properties.ts';

/** Families and variants in turn. */
const share = { backends: WEBGPU_FAMILIES, eachBackends: 1, eachVariants: 1 };

describeOnGpu('random networks compute what they say on WebGPU', () => {
  it('at inference', () => checkNets(INFERENCE, { numRuns: 60, seed: 36 }, share));

  it('in a training step', () => checkNets(TRAINING, { numRuns: 15, seed: 37 }, share));
});
