/** Every shader of every model of models/, for inference and of a training step, passes Tint's validation. */
import { describe, it } from 'vitest';
import { modelNames } from '../support/models.ts';
import { expectForwardShaders, expectStepShaders } from './shadersWebgpu.ts';

/** It takes the weights of zfnet. */
const WITHOUT_LOSS = ['zfnetdeconv'];

describe('the shaders are valid of', () => {
  it.each(modelNames)('%s', expectForwardShaders);

  it.each(modelNames.filter((name) => !WITHOUT_LOSS.includes(name)))(
    'a training step of %s',
    expectStepShaders,
  );
});
