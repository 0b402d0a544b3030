/** What the shape rules say when operands or attributes do not fit. */
import { describe, expect, it } from 'vitest';
import { f32, type Attrs, type OpName, type TensorType } from '../../compiler/ir/types.ts';
import { infer } from '../../compiler/ops/infer.ts';

const i32 = (...shape: number[]): TensorType => ({ dtype: 'i32', shape });
const u32 = (...shape: number[]): TensorType => ({ dtype: 'u32', shape });
const plainEntropy = { labelSmoothing: 0, ignoreIndex: null };

interface Case<K extends OpName = OpName> {
  readonly op: K;
  readonly inputs: readonly TensorType[];
  readonly attrs: Attrs[K];
  readonly found: string;
}

const wrong = <K extends OpName>(op: K, inputs: TensorType[], attrs: Attrs[K], found: string): Case => ({
  op,
  inputs,
  attrs,
  found,
});

const cases: readonly Case[] = [
  wrong('sub', [f32(2, 3), f32(4)], {}, 'the shapes [2,3] and [4] do not broadcast'),
  wrong('exp', [i32(3)], {}, 'an operand is i32[3], expected f32'),
  wrong('clip', [f32(3)], { low: 6, high: 0 }, 'the limits are 6 and 0, expected the lower one first'),
  wrong(
    'reduceSum',
    [f32(2, 3)],
    { axes: [2], keepDims: false },
    'axis 2 does not exist, the input has rank 2',
  ),
  wrong(
    'reduceMax',
    [f32(2, 3)],
    { axes: [-1], keepDims: false },
    'axis -1 does not exist, the input has rank 2',
  ),
  wrong('reduceMean', [f32(2, 3)], { axes: [1, 1], keepDims: true }, 'the axes [1, 1] list an axis twice'),
  wrong('softmax', [f32(5)], { axis: 1 }, 'axis 1 does not exist, the input has rank 1'),
  wrong('reshape', [f32(2, 3)], { shape: [4, 2] }, 'the input has 6 elements, the shape [4,2] has 8'),
  wrong('reshape', [f32(2, 3)], { shape: [-1, 2] }, 'the shape [-1, 2] is not made of whole numbers from 1'),
  wrong('flatten', [f32(2, 3)], { axis: 3 }, "axis 3 does not lie between 0 and the input's rank 2"),
  wrong('expand', [f32(2, 3)], { shape: [2, 4] }, 'the shape [2,3] does not expand to [2,4]'),
  wrong('expand', [f32(2, 3)], { shape: [3] }, 'the shape [2,3] does not expand to [3]'),
  wrong(
    'concat',
    [f32(2, 3), f32(3, 3)],
    { axis: 1 },
    'f32[2,3] and f32[3,3] differ in an axis other than 1',
  ),
  wrong(
    'slice',
    [f32(4)],
    { starts: [1], ends: [5], steps: [1] },
    'the slice 1:5:1 of axis 0 does not fit its extent 4',
  ),
  wrong(
    'slice',
    [f32(4)],
    { starts: [1, 0], ends: [3], steps: [1] },
    '2 starts were given, the input has rank 1',
  ),
  wrong(
    'pad',
    [f32(3)],
    { before: [3], after: [0], mode: 'reflect', value: 0 },
    'reflection by 3 needs more than the 3 elements of axis 0',
  ),
  wrong(
    'pad',
    [f32(3)],
    { before: [-1], after: [0], mode: 'edge', value: 0 },
    'the padding -1 and 0 of axis 0 is not made of whole numbers from 0',
  ),
  wrong('transpose', [f32(2, 3)], { permutation: [0, 0] }, 'the axes [0, 0] list an axis twice'),
  wrong(
    'batchNorm',
    [f32(2, 3, 4), f32(3), f32(3), f32(2), f32(3)],
    { epsilon: 1e-5 },
    'the mean has shape [2], the input has 3 channels',
  ),
  wrong('batchMean', [f32(3)], {}, 'the input has rank 1, expected at least 2 (N, C, ...)'),
  wrong(
    'groupNorm',
    [f32(2, 6, 4)],
    { groups: 4, epsilon: 1e-5 },
    '6 channels cannot be split into 4 groups',
  ),
  wrong(
    'layerNorm',
    [f32(2, 6), f32(5)],
    { normalizedRank: 1, epsilon: 1e-5 },
    'the weight has shape [5], the normalized axes have [6]',
  ),
  wrong(
    'layerNorm',
    [f32(2, 6)],
    { normalizedRank: 3, epsilon: 1e-5 },
    '3 axes cannot be normalized, the input has rank 2',
  ),
  wrong(
    'localResponseNorm',
    [f32(2, 6)],
    { size: 0, alpha: 1, beta: 1, k: 1 },
    'the size 0 is not a whole number from 1',
  ),
  wrong(
    'prelu',
    [f32(2, 6), f32(4)],
    {},
    'the slope has shape [4], expected [1] or one for each of 6 channels',
  ),
  wrong('crossEntropy', [f32(2, 6), f32(2)], plainEntropy, 'the target is f32, expected i32 class numbers'),
  wrong(
    'crossEntropy',
    [f32(2, 6, 4), i32(2)],
    plainEntropy,
    'the target has shape [2], the logits expect [2,4]',
  ),
  wrong(
    'crossEntropy',
    [f32(2, 6), i32(2), f32(5)],
    plainEntropy,
    'the weights have shape [5], the logits have 6 classes',
  ),
  wrong(
    'crossEntropy',
    [f32(2, 6), i32(2)],
    { ...plainEntropy, labelSmoothing: 2 },
    'the label smoothing is 2, expected 0 to 1',
  ),
  wrong('mseLoss', [f32(2, 6), f32(2)], {}, 'the prediction and the target differ: f32[2,6] and f32[2]'),
  wrong(
    'smoothL1Loss',
    [f32(2), f32(2)],
    { beta: 0 },
    'beta is 0, expected a number above 0 (at 0 it is the l1Loss)',
  ),
  wrong('dropout', [f32(2), u32(2)], { p: 1, stream: 0 }, 'p is 1, expected a probability from 0 to below 1'),
  wrong('dropout', [f32(2), i32(2)], { p: 0.5, stream: 0 }, 'the seed is not u32[2]'),
  wrong(
    'randomUniform',
    [u32(2)],
    { shape: [2], stream: -1 },
    'the stream -1 is not a whole number below 2^32',
  ),
];

describe('a shape rule names what it found', () => {
  it.each(cases)('$op: $found', ({ op, inputs, attrs, found }) => {
    const origin = { path: 'layer1.0', file: 'models/net.ts', line: 7 };
    expect(() => infer(op, inputs, attrs, origin)).toThrow(`${op} at layer1.0 (models/net.ts:7): ${found}\n`);
  });
});
