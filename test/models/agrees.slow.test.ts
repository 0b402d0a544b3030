/**
 * Every architecture, compiled for the TypeScript target, has the results of its plain loops: passes, layouts,
 * schedules, packing and the memory plan change no number. agreesWasm.slow.test.ts does the same for WebAssembly.
 */
import { it } from 'vitest';
import { modelNames } from '../support/models.ts';
import { expectAgreement } from './agreement.ts';

/** Kernels round at the store, so that fifty layers in f32 are within some 1e-6 of each other; 1e-4 is the bound. */
const TYPESCRIPT = { name: 'typescript', target: 'typescript', tolerance: 1e-4 } as const;

it.each(modelNames)('%s', (name) => expectAgreement(name, [TYPESCRIPT]));
