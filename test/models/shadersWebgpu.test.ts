/** Shaders of some of the zoo's families; shadersWebgpu.slow.test.ts has all of them. */
import { describe, it } from 'vitest';
import { expectForwardShaders, expectStepShaders } from './shadersWebgpu.ts';

describe('the shaders are valid of', () => {
  it.each(['lenet5', 'resnet18', 'mobilenetv2', 'shufflenetv2', 'squeezenet1_1', 'espcn', 'unet'])(
    '%s',
    expectForwardShaders,
  );

  it.each(['lenet5', 'resnet20'])('a training step of %s', expectStepShaders);
});
