/**
 * The properties of nets.test.ts, with thousands of networks and every variant of the compiler for each. CNNC_SEED repeats a run;
 * without it, the date is the seed.
 */
import { describe, it } from 'vitest';
import { TYPESCRIPT, WASM_INFERENCE, WASM_TRAINING } from '../support/backends.ts';
import { checkGradients } from './gradients.ts';
import { checkNets, INFERENCE, TRAINING } from './properties.ts';

const MINUTES = 30 * 60_000;
const seed = Number(process.env['CNNC_SEED'] ?? Math.floor(Date.now() / 86_400_000));
console.log(`random networks with CNNC_SEED=${seed}`);

describe('random networks compute what they say', () => {
  const typescript = { backends: [TYPESCRIPT] };

  it('at inference', () => checkNets(INFERENCE, { numRuns: 3000, seed }, typescript));

  it('in a training step', () => checkNets(TRAINING, { numRuns: 1500, seed }, typescript));

  const inTurn = { eachVariants: 1 };

  it(
    'at inference in WebAssembly, on all of its back ends',
    () => checkNets(INFERENCE, { numRuns: 500, seed }, { backends: WASM_INFERENCE, ...inTurn }),
    MINUTES,
  );

  it(
    'in a training step in WebAssembly, on all of its back ends',
    () => checkNets(TRAINING, { numRuns: 200, seed }, { backends: WASM_TRAINING, ...inTurn }),
    MINUTES,
  );

  it('and gradients are the slopes of losses', () => checkGradients({ numRuns: 3000, seed }));
});
