/** LeNet-5 reads its digits on WebGPU; accuracyWebgpu.slow.test.ts has the larger nets. */
import { it } from 'vitest';
import { digitImages } from '../support/dataSets.ts';
import { describeOnGpu } from '../support/gpu.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import { expectAccuracy } from './accuracyWebgpu.ts';

describeWithTestdata('accuracy on WebGPU', () => {
  describeOnGpu('by SwiftShader', () => {
    it('lenet5 gets 256 of 256 right', () =>
      expectAccuracy({ model: 'lenet5', net: 'mnist-lenet5', right: 256, batch: 64 }, digitImages(256)));
  });
});
