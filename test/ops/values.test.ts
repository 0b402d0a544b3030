/** Operations on numbers that are known from elsewhere: tables, other formulas, the frameworks' conventions. */
import { describe, expect, it } from 'vitest';
import { f32, type Attrs, type OpName } from '../../compiler/ir/types.ts';
import { evaluateOp, tensor } from '../support/evaluateOp.ts';
import { ruleGradients } from '../support/gradients.ts';
import { maxRelativeError, randomNumbers } from '../support/numbers.ts';

const close = (actual: readonly number[], expected: readonly number[], tolerance = 1e-12): void =>
  expect(maxRelativeError(actual, expected), `${actual.join()} for ${expected.join()}`).toBeLessThanOrEqual(
    tolerance,
  );

describe('functions of one value', () => {
  it('erf agrees with tables to 1e-9', () => {
    // Python's math.erf; above 4 Cody's second quotient stands in for his third.
    const x = [0, 0.1, 0.46875, 0.5, 1, 2.5, 3.9, 4.1, 5, -0.3, -2, -7];
    const erf = [
      0, 0.1124629160182849, 0.49261347321793797, 0.5204998778130465, 0.8427007929497149, 0.999593047982555,
      0.9999999652077514, 0.9999999932999724, 0.9999999999984626, -0.3286267594591274, -0.9953222650189527,
      -1,
    ];
    close(evaluateOp('erf', [tensor(x)], {}), erf, 1e-9);
    close(evaluateOp('erf', [tensor(x.slice(0, 7))], {}), erf.slice(0, 7), 1e-15);
  });

  it('gelu, exact and by tanh', () => {
    close(
      evaluateOp('gelu', [tensor([1, 0, -20, 20])], { approximation: 'none' }),
      [0.8413447460685429, 0, 0, 20],
    );
    close(
      evaluateOp('gelu', [tensor([1, 0, -20, 20])], { approximation: 'tanh' }),
      [0.8411919906082768, 0, 0, 20],
    );
  });

  it('round takes halves to the even number', () => {
    const x = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, -1.25, 1.75, 1e6 + 0.5];
    expect(evaluateOp('round', [tensor(x)], {}).map((y) => y + 0)).toEqual([
      -2, -2, 0, 0, 2, 2, 4, -1, 2, 1e6,
    ]);
  });

  it.each<{ op: OpName; attrs: Attrs[OpName]; x: number[]; y: number[] }>([
    { op: 'sign', attrs: {}, x: [-3, 0, 7, NaN], y: [-1, 0, 1, NaN] },
    { op: 'softplus', attrs: { beta: 1 }, x: [0, 800, -800], y: [Math.LN2, 800, 0] },
    { op: 'softplus', attrs: { beta: 2, threshold: 0.5 }, x: [0, 0.3], y: [Math.LN2 / 2, 0.3] },
    { op: 'hardSwish', attrs: {}, x: [-4, -3, -1, 0, 3, 5], y: [0, 0, -1 / 3, 0, 3, 5] },
    { op: 'hardSigmoid', attrs: { alpha: 0.2, beta: 0.5 }, x: [-9, 0, 1, 9], y: [0, 0.5, 0.7, 1] },
    { op: 'sigmoid', attrs: {}, x: [-800, 0, 800], y: [0, 0.5, 1] },
    { op: 'silu', attrs: {}, x: [-800, 0, 800], y: [0, 0, 800] },
    { op: 'mish', attrs: {}, x: [-800, 0, 1, 800], y: [0, 0, Math.tanh(Math.log(1 + Math.E)), 800] },
    { op: 'elu', attrs: { alpha: 2 }, x: [-800, -1, 0, 800], y: [-2, 2 * (Math.exp(-1) - 1), 0, 800] },
    { op: 'celu', attrs: { alpha: 2 }, x: [-800, -1, 800], y: [-2, 2 * (Math.exp(-0.5) - 1), 800] },
    { op: 'leakyRelu', attrs: { slope: -0.5 }, x: [-2, 0, 3], y: [1, 0, 3] },
    { op: 'clip', attrs: { low: 0, high: 6 }, x: [-1, 3, 7, NaN], y: [0, 3, 6, NaN] },
    { op: 'relu', attrs: {}, x: [-1, 2, NaN], y: [0, 2, NaN] },
    { op: 'thresholdedRelu', attrs: { alpha: 1 }, x: [-1, 1, 1.5], y: [0, 0, 1.5] },
  ])('$op of $x', ({ op, attrs, x, y }) =>
    close(
      evaluateOp(op, [tensor(x)], attrs).map((value) => value + 0),
      y,
      1e-12,
    ),
  );

  it('slopes at kinks are the frameworks’', () => {
    const slopeAt = (op: OpName, x: number, attrs: Attrs[OpName]) =>
      evaluateOp(op, [tensor([1]), tensor([x])], attrs)[0];
    expect(slopeAt('reluGradient', 0, {})).toBe(0);
    expect(slopeAt('clipGradient', 6, { low: 0, high: 6 })).toBe(0);
    expect(slopeAt('leakyReluGradient', 0, { slope: 0.1 })).toBe(0.1);
    expect(evaluateOp('maximumGradient', [tensor([1]), tensor([2]), tensor([2])], {})).toEqual([0.5]);
  });
});

describe('shape operations', () => {
  it('pad by reflection and by edge', () => {
    const reflect = { before: [2], after: [3], mode: 'reflect', value: 0 } as const;
    expect(evaluateOp('pad', [tensor([1, 2, 3, 4])], reflect)).toEqual([3, 2, 1, 2, 3, 4, 3, 2, 1]);
    expect(evaluateOp('pad', [tensor([1, 2, 3, 4])], { ...reflect, mode: 'edge' })).toEqual([
      1, 1, 1, 2, 3, 4, 4, 4, 4,
    ]);
  });

  it('concat, slice, transpose', () => {
    const joined = evaluateOp('concat', [tensor([1, 2, 3, 4], [2, 2]), tensor([5, 6], [2, 1])], { axis: 1 });
    expect(joined).toEqual([1, 2, 5, 3, 4, 6]);
    expect(
      evaluateOp('slice', [tensor([0, 1, 2, 3, 4, 5, 6])], { starts: [1], ends: [6], steps: [2] }),
    ).toEqual([1, 3, 5]);
    const turned = evaluateOp('transpose', [tensor([0, 1, 2, 3, 4, 5], [1, 2, 3])], {
      permutation: [2, 0, 1],
    });
    expect(turned).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('cast truncates toward zero', () => {
    expect(evaluateOp('cast', [tensor([-1.9, 1.9, 0])], { dtype: 'i32' }).map((x) => x + 0)).toEqual([
      -1, 1, 0,
    ]);
  });
});

describe('reductions', () => {
  it('argMax takes the first of equal ones, or the last', () => {
    const x = tensor([1, 3, 3, 0, -1, -1], [2, 3]);
    const attrs = { axis: 1, keepDims: false, selectLastIndex: false };
    expect(evaluateOp('argMax', [x], attrs)).toEqual([1, 0]);
    expect(evaluateOp('argMax', [x], { ...attrs, selectLastIndex: true })).toEqual([2, 0]);
  });

  it.each<[OpName, number]>([
    ['reduceSum', 4],
    ['reduceMean', 1],
    ['reduceMax', 4],
    ['reduceMin', -3],
    ['reduceProd', -24],
    ['reduceL1', 10],
    ['reduceL2', Math.sqrt(30)],
    ['reduceSumSquare', 30],
  ])('%s of 1, -3, 4 and 2 is %d', (op, expected) => {
    close(evaluateOp(op, [tensor([1, -3, 4, 2])], { axes: [0], keepDims: false }), [expected]);
  });

  it('the maximum’s gradient is shared among equal ones', () => {
    const operands = [tensor([6], []), tensor([5, 1, 5, 5]), tensor([5], [])];
    expect(evaluateOp('reduceExtremeGradient', operands, { axes: [0], keepDims: false })).toEqual([
      2, 0, 2, 2,
    ]);
  });

  it('the product’s gradient knows zeros', () => {
    const x = tensor([2, 3, 4, 0, 2, 3, 0, 0, 5], [3, 3]);
    const gradients = evaluateOp('reduceProdGradient', [tensor([1, 1, 1]), x], {
      axes: [1],
      keepDims: false,
    });
    expect(gradients).toEqual([12, 8, 6, 6, 0, 0, 0, 0, 0]);
  });

  it('the gradient of the length of a vector of zeros is 0', () => {
    const attrs = { axes: [0], keepDims: false };
    const [gradient] = ruleGradients('reduceL2', [f32(2)], attrs, [Float64Array.of(0, 0)]);
    expect(Array.from(gradient!, (value) => value + 0)).toEqual([0, 0]);
  });

  it('softmax of large values does not overflow', () => {
    close(evaluateOp('softmax', [tensor([1000, 1000])], { axis: 0 }), [0.5, 0.5]);
    close(evaluateOp('logSoftmax', [tensor([1000, 0])], { axis: 0 }), [0, -1000]);
  });
});

describe('localResponseNorm', () => {
  it.each([3, 4, 5])('is the formula with a window of %d from c - floor(size / 2)', (size) => {
    const random = randomNumbers(size);
    const x = Array.from({ length: 6 }, () => 2 * random() - 1);
    const [alpha, beta, k] = [0.3, 0.75, 2];
    const expected = x.map((value, c) => {
      const window = x.filter((_, j) => j >= c - Math.floor(size / 2) && j < c - Math.floor(size / 2) + size);
      return value / (k + (alpha / size) * window.reduce((sum, v) => sum + v * v, 0)) ** beta;
    });
    close(evaluateOp('localResponseNorm', [tensor(x, [1, 6, 1, 1])], { size, alpha, beta, k }), expected);
  });
});

describe('losses', () => {
  const logits = tensor([1, 2, 0.5, -1, 0, 3, 0.2, 0.1, 0], [3, 3]);
  const rows = [0, 1, 2].map((n) => logits.data.slice(3 * n, 3 * n + 3));
  const logP = rows.map((row) => row.map((x) => x - Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0))));
  const target = (...labels: number[]) => tensor(labels, [3], 'i32');
  const attrs = { labelSmoothing: 0, ignoreIndex: null };

  it('crossEntropy is the mean of -log p', () => {
    const expected = -(logP[0]![1]! + logP[1]![2]! + logP[2]![0]!) / 3;
    close(evaluateOp('crossEntropy', [logits, target(1, 2, 0)], attrs), [expected]);
  });

  it('ignored targets and those that are no class count nowhere', () => {
    const expected = -(logP[0]![1]! + logP[2]![0]!) / 2;
    close(evaluateOp('crossEntropy', [logits, target(1, 2, 0)], { ...attrs, ignoreIndex: 2 }), [expected]);
    for (const wrong of [-1, 3, 2 ** 31 - 1, -100]) {
      close(evaluateOp('crossEntropy', [logits, target(1, wrong, 0)], attrs), [expected]);
    }
    expect(evaluateOp('crossEntropy', [logits, target(9, 9, 9)], attrs)).toEqual([NaN]);
  });

  it('weights and smoothing are PyTorch’s', () => {
    const [w, s, labels] = [[0.5, 2, 1], 0.1, [1, 2, 0]];
    // torch.nn.functional.cross_entropy: both terms are divided by the weights of the targets.
    const nll = labels.reduce((sum, y, n) => sum - w[y]! * logP[n]![y]!, 0);
    const smooth = logP.flat().reduce((sum, value, i) => sum - w[i % 3]! * value, 0);
    const weight = labels.reduce((sum, y) => sum + w[y]!, 0);
    const expected = ((1 - s) * nll + (s / 3) * smooth) / weight;
    const operands = [logits, target(1, 2, 0), tensor(w)];
    close(evaluateOp('crossEntropy', operands, { labelSmoothing: s, ignoreIndex: null }), [expected]);
  });

  it('the others', () => {
    const pair = [tensor([1, -2, 0.5]), tensor([0, 1, 0])];
    close(evaluateOp('mseLoss', pair, {}), [(1 + 9 + 0.25) / 3]);
    close(evaluateOp('l1Loss', pair, {}), [4.5 / 3]);
    close(evaluateOp('smoothL1Loss', pair, { beta: 1 }), [(0.5 + 2.5 + 0.125) / 3]);
    const p = [1, -2, 0.5].map((x) => 1 / (1 + Math.exp(-x)));
    close(evaluateOp('bceWithLogits', pair, {}), [
      -(Math.log(1 - p[0]!) + Math.log(p[1]!) + Math.log(1 - p[2]!)) / 3,
    ]);
    expect(evaluateOp('bceWithLogits', [tensor([1000, -1000]), tensor([0, 1])], {})).toEqual([1000]);
  });
});
