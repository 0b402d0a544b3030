/**
 * Data for the samples of an operation: drawn from the names of the operation, the sample and the operand,
 * so that every test and every target sees the same numbers. f32 data is exact in f32.
 */
import type { OpName } from '../../compiler/ir/types.ts';
import { sizeOf } from '../../compiler/ir/types.ts';
import type { SampleInput, SampleValues } from '../../compiler/ops/types.ts';
import { randomNumbers, seedOf } from './numbers.ts';

export type SampleArray = Float32Array | Int32Array | Uint32Array;

/** One array per operand. */
export const sampleArrays = (
  op: OpName,
  sample: { readonly name: string; readonly inputs: readonly SampleInput[] },
): SampleArray[] => sample.inputs.map((input, i) => sampleArray(input, seedOf(`${op}/${sample.name}/${i}`)));

export function sampleArray(input: SampleInput, seed: number): SampleArray {
  const values = input.values ?? defaultValues(input);
  const numbers = drawValues(values, sizeOf(input.shape), randomNumbers(seed));
  const kinds = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };
  return kinds[input.dtype].from(numbers);
}

function defaultValues(input: SampleInput): SampleValues {
  if (input.dtype !== 'f32')
    throw new Error(`a sample operand of ${input.dtype} must say what its values are`);
  return { kind: 'uniform', low: -1, high: 1 };
}

/** How far samples stay from each other ('distinct') and from kinks ('away'). */
const MARGIN = 0.05;
/** Distance of distinct values; a power of two, so that all of them are exact in f32. */
const DISTINCT_STEP = 1 / 16;

function drawValues(values: SampleValues, size: number, random: () => number): number[] {
  switch (values.kind) {
    case 'uniform':
      return Array.from({ length: size }, () => values.low + (values.high - values.low) * random());
    case 'distinct':
      return shuffle(
        Array.from({ length: size }, (_, i) => (i - Math.floor(size / 2)) * DISTINCT_STEP),
        random,
      );
    case 'away':
      return Array.from({ length: size }, () => drawAway(values.from, random));
    case 'integers':
      return Array.from({ length: size }, () => Math.floor(values.below * random()));
    case 'exact':
      if (values.data.length !== size)
        throw new Error(`${values.data.length} exact values for ${size} elements`);
      return [...values.data];
  }
}

function drawAway(points: readonly number[], random: () => number): number {
  for (;;) {
    const value = 2 * random() - 1;
    if (points.every((point) => Math.abs(value - point) > MARGIN)) return value;
  }
}

/** Fisher and Yates. */
function shuffle(values: number[], random: () => number): number[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * random());
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values;
}
