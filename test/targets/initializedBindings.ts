/** Numbers for everything that a program is given: weights as they are initialized, zeros for what has none. */
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import type { Program } from '../../compiler/program/types.ts';

export const initializedBindings = (program: Program, weights: ReadonlyMap<string, Float32Array>): Bindings =>
  Object.fromEntries(
    program.buffers.flatMap(({ role, publicName, length }) =>
      role === 'input' || role === 'parameter'
        ? [[publicName!, weights.get(publicName!) ?? new Float32Array(length)] as const]
        : [],
    ),
  );
