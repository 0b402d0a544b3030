/** Weights for untrained models: none of them is 0 or 1, so that each of them has an effect. */
import { initializeParameters } from '../../compiler/frontend/initialize.ts';
import { buildGraph, type Model } from '../../compiler/index.ts';
import { sizeOf } from '../../compiler/ir/types.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import { serializeSafetensors } from '../../runtime/weights.ts';
import { randomNumbers, seedOf } from './numbers.ts';

interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Numbers in [-0.5, 0.5) that depend on the parameter's name; variances are in [0.5, 1.5). */
export const randomWeights = (expected: readonly Expected[]): Map<string, Float32Array> =>
  new Map(
    expected.map(({ name, shape }) => {
      const random = randomNumbers(seedOf(name));
      const low = name.endsWith('running_var') ? 0.5 : -0.5;
      return [name, Float32Array.from({ length: sizeOf(shape) }, () => low + random())];
    }),
  );

/** In [-1, 1) by the input's name; integers in [0, 10). */
export function randomInput(name: string, { dtype, shape }: { dtype: string; shape: readonly number[] }) {
  const random = randomNumbers(seedOf(`input ${name}`));
  const length = sizeOf(shape);
  if (dtype === 'f32') return Float32Array.from({ length }, () => 2 * random() - 1);
  const integers = Array.from({ length }, () => Math.floor(10 * random()));
  return dtype === 'i32' ? Int32Array.from(integers) : Uint32Array.from(integers);
}

/** What a package is initialized with, as a weight file. */
export function firstWeights(model: Model): Uint8Array {
  const graph = buildGraph(model, { training: false });
  const values = initializeParameters(graph, 1);
  return serializeSafetensors(
    parametersOf(graph).map((one) => ({ ...one, data: values.get(one.name)! })),
    {},
  );
}
