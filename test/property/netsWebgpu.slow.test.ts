/** The properties of netsWebgpu.test.ts, with many more networks and both families of kernels. CNNC_SEED as in nets.slow.test.ts. */
import { it } from 'vitest';
import { WEBGPU_FAMILIES } from '../support/backends.ts';
import { describeOnGpu } from '../support/gpu.ts';
import { checkNets, INFERENCE, TRAINING } from './properties.ts';

const seed = Number(process.env['CNNC_SEED'] ?? Math.floor(Date.now() / 86_400_000));
console.log(`random networks on WebGPU with CNNC_SEED=${seed}`);

const share = { backends: WEBGPU_FAMILIES, eachVariants: 2 };

describeOnGpu('random networks compute what they say on WebGPU', () => {
  it('at inference', () => checkNets(INFERENCE, { numRuns: 400, seed }, share));

  it('in a training step', () => checkNets(TRAINING, { numRuns: 100, seed }, share));
});
