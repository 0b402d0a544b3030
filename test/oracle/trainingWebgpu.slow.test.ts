/** A hundred steps on MNIST on WebGPU, the weights that they lead to, and what those are good for. */
import { it } from 'vitest';
import { describeOnGpu } from '../support/gpu.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import { MNIST_RUNS, type MnistRun } from './references.ts';
import { expectTrajectory } from './trainingWebgpu.ts';

describeWithTestdata('a hundred steps on MNIST on WebGPU', () => {
  describeOnGpu('by SwiftShader', () => {
    it.each(MNIST_RUNS)('take the way of PyTorch with %s', (...run) =>
      expectTrajectory(run as unknown as MnistRun),
    );
  });
});
