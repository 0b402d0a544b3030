/**
 * Random networks through the compiler, with all passes and with each one off, for inference and for a training
 * step, against the f64 interpreter of the network as it was written. `npm run test:slow` takes many more.
 */
import { describe, it } from 'vitest';
import { checkNets, INFERENCE, TRAINING } from './properties.ts';

describe('random networks compute what they say', () => {
  it('at inference', () => checkNets(INFERENCE, { numRuns: 500, seed: 31 }, 3));

  it('in a training step', () => checkNets(TRAINING, { numRuns: 200, seed: 32 }, 3));
});
