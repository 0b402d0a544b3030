/**
 * Every architecture on wasm has the results of its plain loops: with Winograd's algorithm and without it, with
 * relaxed SIMD and without. agreesWasm.test.ts has a few of them.
 */
import { it } from 'vitest';
import { modelNames } from '../support/models.ts';
import { expectAgreement } from './agreement.ts';
import { WASM_WAYS } from './wasmWays.ts';

it.each(modelNames)('%s', (name) => expectAgreement(name, WASM_WAYS));
