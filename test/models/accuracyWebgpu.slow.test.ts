/**
 * ResNet-20 classifies 455 and 461 of 500 CIFAR-10 images correctly on WebGPU, and ResNet-18 at 224 has the results
 * of the other targets.
 */
import { expect, it } from 'vitest';
import { buildGraph } from 'cnnc';
import { initializeParameters } from '../../compiler/frontend/initialize.ts';
import { compiledModel } from '../support/compiled.ts';
import { zooModel } from '../support/models.ts';
import { cifarImages } from '../support/dataSets.ts';
import { describeOnGpu, runningDevice } from '../support/gpu.ts';
import { compileForGpu, inferOnGpu } from '../support/gpuNets.ts';
import { randomNumbers } from '../support/numbers.ts';
import { runProgram } from '../support/runProgram.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import { worstError } from '../support/trainedNets.ts';
import { expectAccuracy } from './accuracyWebgpu.ts';

describeWithTestdata('accuracy on WebGPU', () => {
  describeOnGpu('by SwiftShader', () => {
    it.each([
      { model: 'resnet20', net: 'cifar10-resnet20-optA', right: 455, batch: 50 },
      { model: 'resnet20b', net: 'cifar10-resnet20-optB', right: 461, batch: 50 },
    ])('$model gets $right of 500 right', (net) => expectAccuracy(net, cifarImages()));
  });
});

/** Sums of up to 4608 products in f32, eighteen layers: tens of roundings of 6e-8 each, Winograd's a few more. */
const TOLERANCE = 2e-4;

describeOnGpu('ResNet-18 at 224', () => {
  it('answers as in JavaScript and in WebAssembly', async () => {
    const model = await zooModel('resnet18');
    const weights = new Map(initializeParameters(buildGraph(model, { training: false }), 1));
    const random = randomNumbers(224);
    const image = Float32Array.from({ length: 3 * 224 * 224 }, () => 2 * random() - 1);
    const compiled = await compileForGpu('resnet18', { weights: () => weights });
    const [found] = await inferOnGpu(await runningDevice(), compiled, [image]);
    for (const target of ['typescript', 'wasm'] as const) {
      const own = { packedWeights: true, weights: () => weights };
      const options = { source: 'models/resnet18.ts', targets: [target], ...own };
      const { program, plan } = compiledModel(model, options);
      const [expected] = Object.values(runProgram(program, plan, { image }, { target }));
      expect(worstError(found!, expected!), target).toBeLessThan(TOLERANCE);
    }
  });
});
