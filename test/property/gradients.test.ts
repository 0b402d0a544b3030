/** Autodiff on whole networks: several outputs, shared values, weights used twice. */
import { it } from 'vitest';
import { checkGradients } from './gradients.ts';

it('gradients of random networks are the slopes of their losses', () =>
  checkGradients({ numRuns: 200, seed: 33 }));
