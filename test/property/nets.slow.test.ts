/**
 * As nets.test.ts, with thousands of networks and every variant of the compiler for each. CNNC_SEED repeats a run;
 * without it, it is the day's.
 */
import { describe, it } from 'vitest';
import { checkGradients } from './gradients.ts';
import { checkNets, INFERENCE, TRAINING } from './properties.ts';

const seed = Number(process.env['CNNC_SEED'] ?? Math.floor(Date.now() / 86_400_000));
console.log(`random networks with CNNC_SEED=${seed}`);

describe('random networks compute what they say', () => {
  it('at inference', () => checkNets(INFERENCE, { numRuns: 3000, seed }));

  it('in a training step', () => checkNets(TRAINING, { numRuns: 1500, seed }));

  it('and gradients are the slopes of losses', () => checkGradients({ numRuns: 3000, seed }));
});
