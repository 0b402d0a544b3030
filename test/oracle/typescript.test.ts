/** The TypeScript target's packages against PyTorch: forward, loss, every gradient, and three steps of each optimizer. */
import { vi } from 'vitest';
import { optimizerNames } from './oracle.ts';
import { describeOracle } from './packages.ts';

// Formatting takes two thirds of a compile and changes no number; training.test.ts runs formatted packages.
vi.mock('prettier', () => ({ format: (source: string) => Promise.resolve(source) }));

describeOracle({
  target: 'typescript',
  variants: [{ name: 'doubles', settings: {} }],
  optimizersOf: () => optimizerNames,
});
