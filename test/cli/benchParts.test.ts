/** What `cnnc bench` counts and concludes, on listings and results written by hand. */
import { describe, expect, it } from 'vitest';
import { ownArithmetic } from '../../compiler/cli/bench/arithmetic.ts';
import { compare } from '../../compiler/cli/bench/compare.ts';
import { reasonsOf } from '../../compiler/cli/bench/reasons.ts';
import type { BenchCall } from '../../compiler/cli/bench/call.ts';
import type { BenchResult } from '../../compiler/cli/bench/result.ts';
import { orderRun } from '../../compiler/cli/bench/segments.ts';
import type { CallFacts } from '../../compiler/cli/bench/subject.ts';

const facts = (given: Partial<CallFacts>): CallFacts => ({
  ...{ kernel: 'relu', label: 'relu', schedule: 'loops', result: 'f32[1,64,56,56]' },
  ...{ multiplyAdds: 0, bytes: 0, args: [] },
  ...given,
});

describe('own arithmetic', () => {
  // 64 -> 64 channels, 3x3, on 56x56: weights 64 * 64 * 9 * 4 bytes.
  const convolution = { multiplyAdds: 64 * 64 * 9 * 56 * 56, bytes: 1_753_088 };

  it.each([
    // (m + 2)^2 products for m^2 results of 9 each; (m + 2)^2 numbers of weight instead of 9.
    ['Winograd F(4x4, 3x3), 3 x 14 tiles at a time', 36 / 144, 147_456 * 3],
    ['Winograd F(2x2, 3x3), 4 x 4 tiles at a time', 16 / 36, (147_456 * 7) / 9],
    ['direct, 4 pixels x 8 channels, 7 rows', 1, 0],
  ])('of %s', (schedule, share, moreBytes) => {
    const own = ownArithmetic(facts({ ...convolution, schedule }));
    expect(own.multiplyAdds).toBe(Math.round(convolution.multiplyAdds * share));
    expect(own.bytes).toBe(Math.round(convolution.bytes + moreBytes));
  });
});

describe('the order of a run', () => {
  const call = (kernel: string): CallFacts => facts({ kernel });
  const phases = {
    forward: [call('conv'), call('relu')],
    backward: [call('matmul')],
    step: [call('matmul'), call('sgd')],
    update: [call('sgd')],
    loss: [],
  };

  it('is that of its phases, parts of a batch counted together', () => {
    const kernels = ['conv', 'relu', 'matmul', 'sgd', 'conv', 'relu', 'matmul', 'sgd', 'sgd'];
    const { calls, places } = orderRun('net', phases, kernels);
    expect(calls.map(({ phase, facts: { kernel } }) => `${phase} ${kernel}`)).toEqual([
      ...['forward conv', 'forward relu', 'step matmul', 'step sgd', 'update sgd'],
    ]);
    expect(places).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 4]);
  });

  it('is refused where the listing is of another net', () => {
    expect(() => orderRun('net', phases, ['conv', 'relu', 'pool'])).toThrow(
      'package (net): its layers.json does not list the call 2 of a run, pool; compile the model again',
    );
  });
});

const measured = (given: Partial<BenchCall>): BenchCall => ({
  ...{ phase: 'forward', kernel: 'relu', label: 'relu', result: 'f32[1,64,56,56]', schedule: 'loops' },
  ...{ times: 1, multiplyAdds: 1e6, ownMultiplyAdds: 1e6, bytes: 1e6, ms: 1, minMs: 1, share: 0.5 },
  ...{ gflops: 2, ownGflops: 2, gbPerSecond: 1, ofPeak: 0.04, boundBy: 'compute', ofRoof: 0.04 },
  ...given,
});

describe('reasons', () => {
  const ceilings = { gflops: 50, gbPerSecond: 20, readBytes: 1 << 26 };

  it.each<[Partial<BenchCall>, string[]]>([
    [{}, ['plain loops']],
    [
      { schedule: 'dot products, 1 x 4', boundBy: 'memory', ofRoof: 0.8 },
      ['bound by memory, at 80 % of its speed'],
    ],
    [
      { schedule: 'copy', multiplyAdds: 0, ownMultiplyAdds: 0, boundBy: 'memory', ofRoof: 0.3 },
      ['computes nothing, moves numbers through memory, yet at no more than 30 % of its speed'],
    ],
    [
      { schedule: 'Winograd F(4x4, 3x3), 4 x 4 tiles at a time', result: 'f32[1,256,14,14]' },
      ['the transforms, which are not counted; border: tiles of 4 x 4 on 14 x 14, 77 % full'],
    ],
    [
      { schedule: 'direct, 4 pixels x 8 channels, 7 rows', result: 'f32[1,512,7,7]' },
      ['border: tiles of 4 x 8 on 7 pixels x 512 channels, 88 % full'],
    ],
    [
      {
        kernel: 'conv2d_7x7_s2_3to64_relu',
        schedule: 'direct, 4 pixels x 8 channels, 28 rows, padded strips',
        result: 'f32[1,64,112,112]',
      },
      ['only 3 input channels', 'border: the input is copied into padded strips'],
    ],
    [{ schedule: 'matrix product, 4 x 8', ownMultiplyAdds: 50_000 }, ['small: 2.0 us at the peak']],
    [{ schedule: 'matrix product, 4 x 8' }, []],
  ])('of %j', (given, reasons) => {
    expect(reasonsOf(measured(given), ceilings)).toEqual(reasons);
  });
});

describe('a comparison', () => {
  const result = (medianMs: number, calls: readonly BenchCall[]): BenchResult =>
    ({ totals: { medianMs }, calls }) as unknown as BenchResult;

  it('pairs calls by label and result, the second with the second', () => {
    const own = [
      measured({ label: 'a', ms: 1 }),
      measured({ label: 'a', ms: 3 }),
      measured({ label: 'new', ms: 1 }),
      measured({ label: 'fast', ms: 0 }),
    ];
    const other = [
      measured({ label: 'gone', ms: 7 }),
      measured({ label: 'a', ms: 2 }),
      measured({ label: 'a', ms: 2, schedule: 'direct' }),
      measured({ label: 'fast', ms: 1 }),
    ];
    const { calls, ratio } = compare(result(6, own), result(12, other));
    expect(ratio).toBe(0.5);
    expect(calls.map(({ label, ms, otherMs, ratio: part }) => [label, ms, otherMs, part])).toEqual([
      ['a', 1, 2, 0.5],
      ['a', 3, 2, 1.5],
      ['new', 1, undefined, undefined],
      ['fast', 0, 1, undefined],
      ['gone', undefined, 7, undefined],
    ]);
    expect(calls[1]!.otherSchedule).toBe('direct');
  });
});
