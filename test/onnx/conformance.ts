/**
 * ONNX's own single-operator tests, each imported, compiled and run. Operands that are weights in real models are bound as
 * initializers; where an operation can do without, it is tried with them as inputs as well.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sizeOf } from '../../compiler/ir/types.ts';
import { shapeOf } from '../../compiler/importers/recorded/calls.ts';
import type { OnnxTensor } from '../../compiler/importers/onnx/types.ts';
import { describeWithTestdata, hasTestdata, testdata } from '../support/testdata.ts';
import { bindInputs, importCase, numbersOf, readCase, runRecorded, type AnyRunner } from './support.ts';

/** Cases that do not pass, with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  test_adam_multiple:
    'its expected numbers were computed with an epsilon of 0.01, which the model does not say (the default is 1e-6)',
};

/** ONNX's own tolerance. */
const [RELATIVE, ABSOLUTE] = [1e-3, 1e-7];

/** Operands that are lists of axes, shapes, limits: they must be known at import. */
const KNOWN_OPERANDS: Readonly<Record<string, readonly number[]>> = {
  Adagrad: [0, 1],
  Adam: [0, 1],
  Clip: [1, 2],
  ConstantOfShape: [0],
  Dropout: [1, 2],
  Expand: [1],
  Momentum: [0, 1],
  Pad: [1, 2, 3],
  Range: [0, 1, 2],
  ReduceL2: [1],
  ReduceMax: [1],
  ReduceMean: [1],
  ReduceMin: [1],
  ReduceSum: [1],
  ReduceSumSquare: [1],
  Reshape: [1],
  Resize: [1, 2, 3],
  Slice: [1, 2, 3, 4],
  Split: [1],
  Squeeze: [1],
  Tile: [1],
  Unsqueeze: [1],
  Upsample: [1],
};

/** Operands that are weights in real models. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2, 3, 4],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Gemm: [1, 2],
  GroupNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  MatMul: [1],
  PRelu: [1],
};

interface Entry {
  readonly op: string;
  readonly tier: 'core' | 'extended';
}

export const index: Readonly<Record<string, Entry>> = hasTestdata
  ? (JSON.parse(readFileSync(testdata('onnx-node/index.json'), 'utf8')) as Record<string, Entry>)
  : {};

async function check(runner: AnyRunner, name: string, op: string, withWeights: boolean): Promise<void> {
  const nodeCase = readCase(name);
  // A model's inputs have a batch: scalars are part of it.
  const isKnown = (i: number, tensor: OnnxTensor): boolean =>
    tensor.dims.length === 0 ||
    (KNOWN_OPERANDS[op]?.includes(i) ?? false) ||
    (withWeights && (WEIGHTS[op]?.includes(i) ?? false));
  const model = bindInputs(nodeCase, isKnown);
  const translated = importCase(model, name);
  const fed = nodeCase.inputs.filter((tensor, i) => !isKnown(i, tensor) && sizeOf(tensor.dims) > 0);
  const results = await runRecorded(runner, translated, fed.map(numbersOf));
  nodeCase.outputs.forEach((expected, i) => {
    expect(shapeOf(translated.outputs[i]!.value)).toEqual(expected.shape);
    expect(differences(results[i]!, expected.data), translated.outputs[i]!.name).toEqual([]);
  });
  expect(translated.outputs.length).toBe(nodeCase.outputs.length);
}

function differences(actual: ArrayLike<number>, expected: ArrayLike<number>): string[] {
  if (actual.length !== expected.length) return [`${actual.length} numbers, expected ${expected.length}`];
  const wrong = Array.from(expected, (wanted, i) => ({ i, wanted, is: actual[i]! })).filter(
    ({ wanted, is }) =>
      !Object.is(is, wanted) && !(Math.abs(is - wanted) <= ABSOLUTE + RELATIVE * Math.abs(wanted)),
  );
  return wrong.slice(0, 5).map(({ i, wanted, is }) => `[${i}] ${is}, expected ${wanted}`);
}

function caseTest(runner: AnyRunner, name: string, op: string, withWeights: boolean): void {
  const reason = LEFT_OUT[name];
  const suffix = withWeights || !WEIGHTS[op] ? '' : ', weights as inputs';
  if (reason === undefined) it(name + suffix, () => check(runner, name, op, withWeights));
  else it(`${name}: ${reason}`, () => expect(check(runner, name, op, withWeights)).rejects.toThrow());
}

export function describeConformance(runners: readonly AnyRunner[]): void {
  for (const runner of runners) {
    for (const tier of ['core', 'extended'] as const) {
      describeWithTestdata(`${runner.name}, ${tier}`, () => {
        for (const [name, entry] of Object.entries(index)) {
          if (entry.tier !== tier) continue;
          caseTest(runner, name, entry.op, true);
          if (WEIGHTS[entry.op]) caseTest(runner, name, entry.op, false);
        }
      });
    }
  }
}
