/** The zoo's models become programs with memory plans; what takes longer is in compiles.slow.test.ts, and every other model. */
import { describe, expect, it } from 'vitest';
import { planTraining } from '../support/compilePrograms.ts';
import { zooModel } from '../support/models.ts';
import { ZOO } from '../support/zoo.ts';
import { expectForward, expectTraining } from './expectPlanned.ts';

/** Whose forward pass takes a second and more to plan. */
const SLOW = ['inceptionv3', 'efficientnetb0', 'resnext101_32x8d', 'plain56', 'mobilenetv3_large'];

/** Whose training step takes less than a second. */
const QUICK = [
  'alexnet',
  'alexnet2012',
  'zfnet',
  'smallvgg',
  'nin',
  'plain20',
  'wrn16_8',
  'espcn',
  'styletransfer',
  'mlp',
  'locallyconnected',
  'unet',
];

describe('forward', () => {
  it.each(Object.keys(ZOO).filter((name) => !SLOW.includes(name)))('%s', async (name) => {
    expectForward(await zooModel(name));
  });
});

describe('a training step', () => {
  it.each(QUICK)('%s', async (name) => expectTraining(await zooModel(name)));

  it('zfnetdeconv has no loss: it takes the weights of zfnet', async () => {
    const model = await zooModel('zfnetdeconv');
    expect(() => planTraining(model)).toThrow('it has no loss to train with');
  });
});
