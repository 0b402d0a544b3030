/** The first ten steps on MNIST on WebGPU; trainingWebgpu.slow.test.ts takes all hundred. */
import { it } from 'vitest';
import { describeOnGpu } from '../support/gpu.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import { MNIST_RUNS } from './references.ts';
import { expectTrajectory } from './trainingWebgpu.ts';

describeWithTestdata('ten steps on MNIST on WebGPU', () => {
  describeOnGpu('by SwiftShader', () => {
    it('take the way of PyTorch with sgd', () => expectTrajectory(MNIST_RUNS[0], 10));
  });
});
