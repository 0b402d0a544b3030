/** The checks of addresses.test.ts, on whole nets: every load and store of every call, for inference and in a training step. */
import { describe, it } from 'vitest';
import { initializeParameters } from '../../compiler/frontend/initialize.ts';
import { buildGraph, type Model } from '../../compiler/index.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { phaseCalls, TRAIN_STEP } from '../../compiler/program/types.ts';
import { compiledModel } from '../support/compiled.ts';
import { zooModel } from '../support/models.ts';
import { createMachine } from '../support/machine.ts';
import { runProgram } from '../support/runProgram.ts';
import { initializedBindings } from './initializedBindings.ts';

const CHECKED = { target: 'wasm', checked: true } as const;

const source = 'the test';

describe('inference', () => {
  it.each([
    'resnet18',
    'mobilenetv2',
    'densenetbc100',
    'googlenet',
    'shufflenetv2',
    'resnext50_32x4d',
    'unet',
  ])('%s', async (name) => {
    const model: Model = await zooModel(name);
    for (const exact of [false, true]) {
      const { program, plan } = compiledModel(model, {
        source,
        targets: ['wasm'],
        exact,
        packedWeights: true,
      });
      runProgram(program, plan, initializedBindings(program, new Map()), CHECKED);
    }
  });
});

describe('a training step', () => {
  it.each([
    ['lenet5', 4],
    ['resnet20', 4],
    ['resnet18', 1],
    ['mobilenetv2', 1],
  ])('%s', async (name, batch) => {
    const model = await zooModel(name);
    const options = { source, batch, targets: ['wasm'], training: { optimizer: 'adam' } } as const;
    const { program, plan } = compiledModel(model, options).training!;
    const weights = initializeParameters(buildGraph(model, { training: true, batch }), 1);
    const machine = createMachine(program, plan, initializedBindings(program, weights), CHECKED);
    for (const call of [...phaseCalls(program, 'prepare'), ...runCalls(program, TRAIN_STEP)])
      machine.run(call);
  });
});
