/**
 * Every architecture, compiled for every target, answers as its plain loops: what passes, layouts, schedules, packing and
 * the memory plan do changes no number. On wasm with Winograd's algorithm and without it, with relaxed SIMD and without;
 * agreesWasm.test.ts has a few of them.
 */
import { it } from 'vitest';
import { modelNames } from '../support/compilePrograms.ts';
import { expectAgreement } from './agreement.ts';
import { WASM_WAYS } from './wasmWays.ts';

/** Kernels round at the store, so that fifty layers in f32 are within some 1e-6 of each other; 1e-4 is the bound. */
const TYPESCRIPT = { name: 'typescript', target: 'typescript', tolerance: 1e-4 } as const;

it.each(modelNames)('%s', (name) => expectAgreement(name, [TYPESCRIPT, ...WASM_WAYS]));
