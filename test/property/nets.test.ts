/**
 * Random networks through the compiler, with all passes and with each one off, for inference and for a training
 * step, against the f64 interpreter of the network as it was written. On wasm, whose modules take a tenth of a second to
 * assemble, fewer networks; `npm run test:slow` takes many more of both.
 */
import { describe, it } from 'vitest';
import { TYPESCRIPT, WASM_INFERENCE, WASM_TRAINING } from '../support/backends.ts';
import { checkNets, INFERENCE, TRAINING } from './properties.ts';

const MINUTES = 3 * 60_000;

describe('random networks compute what they say', () => {
  const typescript = { backends: [TYPESCRIPT], eachVariants: 3 };

  it('at inference', () => checkNets(INFERENCE, { numRuns: 500, seed: 31 }, typescript));

  it('in a training step', () => checkNets(TRAINING, { numRuns: 200, seed: 32 }, typescript));

  /** Back ends and variants in turn. */
  const one = { eachBackends: 1, eachVariants: 1 };

  it(
    'at inference in WebAssembly',
    () => checkNets(INFERENCE, { numRuns: 120, seed: 34 }, { backends: WASM_INFERENCE, ...one }),
    MINUTES,
  );

  it(
    'in a training step in WebAssembly',
    () => checkNets(TRAINING, { numRuns: 40, seed: 35 }, { backends: WASM_TRAINING, ...one }),
    MINUTES,
  );
});
