/**
 * Every operation's samples on every target that runs in this process, by its line in `RUNNERS`; webgpu.test.ts has
 * WebGPU's.
 */
import { lower } from '../../compiler/lowering/lower.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { typescriptTarget } from '../../compiler/targets/typescript/target.ts';
import { runProgram } from '../support/runProgram.ts';
import { describeSamples, ROUNDING, SMALLEST, type Runner } from './sampleChecks.ts';

/**
 * Sums of a few thousand products below 1 in doubles, in another order: n * 2^-53 of the sum of all magnitudes,
 * some 1e-10 at most.
 */
const REORDERING = 2 ** -32;

const RUNNERS: readonly Runner[] = [
  {
    name: 'typescript',
    run(graph, bindings) {
      const [program] = deduplicateKernels([lower(graph, typescriptTarget)]);
      return runProgram(program!, planMemory(program!), bindings);
    },
    // Doubles everywhere; what is stored is rounded once. Nothing that is stored here is computed with again
    // but by copies and by `neg`, which are exact.
    tolerance: (expected, { largest }) =>
      Math.abs(expected) * ROUNDING + SMALLEST + Math.max(1, largest) * REORDERING,
  },
  ...[false, true].map((relaxed): Runner => ({
    name: relaxed ? 'wasm, relaxed SIMD' : 'wasm',
    run(graph, bindings) {
      const [program] = deduplicateKernels([lower(graph, wasmTarget)]);
      return runProgram(program!, planMemory(program!), bindings, { target: 'wasm', relaxed });
    },
    // f32 everywhere. A sum of n products is off by n roundings of its largest partial sum at most (Higham, Accuracy
    // and Stability, 3.1); those of samples are of the size of their operands. Our own exp, log, tanh and division
    // chains: some ten roundings.
    tolerance: (expected, { magnitude, terms }) =>
      (terms + 16) * ROUNDING * Math.max(magnitude, Math.abs(expected)) + SMALLEST,
  })),
];

RUNNERS.forEach((runner) => describeSamples(runner));
