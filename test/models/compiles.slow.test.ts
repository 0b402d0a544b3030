/** Every model of models/ becomes a program with a memory plan, forward and training. */
import { describe, it } from 'vitest';
import { modelNames, zooModel } from '../support/models.ts';
import { expectForward, expectTraining } from './expectPlanned.ts';

/** It takes the weights of zfnet. */
const WITHOUT_LOSS = ['zfnetdeconv'];

describe('forward', () => {
  it.each(modelNames)('%s', async (name) => expectForward(await zooModel(name)));
});

describe('a training step', () => {
  it.each(modelNames.filter((name) => !WITHOUT_LOSS.includes(name)))('%s', async (name) =>
    expectTraining(await zooModel(name)),
  );
});
