/** The nets of wasm.test.ts, with every optimizer for every net. */
import { vi } from 'vitest';
import { optimizerNames } from './oracle.ts';
import { describeOracle } from './packages.ts';
import { WASM_VARIANTS } from './wasmVariants.ts';

vi.mock('prettier', () => ({ format: (source: string) => Promise.resolve(source) }));

describeOracle({ target: 'wasm', variants: WASM_VARIANTS, optimizersOf: () => optimizerNames });
