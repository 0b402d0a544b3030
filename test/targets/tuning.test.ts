/** The wasm target's choice among the ways of a convolution: by cost, as recorded, as measured, and without Winograd's. */
import { describe, expect, it } from 'vitest';
import { lower } from '../../compiler/lowering/lower.ts';
import { loadAssembler } from '../../compiler/host/browser/assemble.ts';
import type { ScheduleRequest } from '../../compiler/lowering/target.ts';
import { fail } from '../../compiler/diagnostics/diagnostic.ts';
import { CONV_WAYS } from '../../compiler/targets/wasm/schedules/conv2d/conv2d.ts';
import type { Precision } from '../../compiler/lowering/shared/precision.ts';
import { createWasmTarget } from '../../compiler/targets/wasm/target.ts';
import {
  readRecord,
  shapeKey,
  writeRecord,
  type TuningRecord,
} from '../../compiler/targets/wasm/tuning/record.ts';
import { createTuner } from '../../compiler/targets/wasm/tuning/tuner.ts';
import { graphOf } from '../support/graphs.ts';

const assemble = await loadAssembler();

const graph = graphOf((w) => {
  const x = w.g.node('tanh', [w.input('x', [1, 16, 32, 32])]);
  const attrs = { stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 } as const;
  const y = w.g.node('conv2d', [x, w.parameter('weight', [16, 16, 3, 3])], attrs);
  return { y: w.g.node('tanh', [y]) };
});

const KEY = '1x16x32x32 by 16x16x3x3, stride 1x1, padding 1 1 1 1, dilation 1x1, groups 1';

type Options = Parameters<typeof createWasmTarget>[0];

function scheduleWith(options: Options): string {
  const calls = lower(graph, createWasmTarget(options)).phases.flatMap((phase) => phase.calls);
  return calls.find(({ multiplyAdds }) => multiplyAdds > 1_000_000)!.schedule;
}

const record = (way: string, milliseconds: Record<string, number>): TuningRecord =>
  new Map([[KEY, { way, milliseconds }]]) as unknown as TuningRecord;

describe('the way of a convolution', () => {
  it.each([
    ['fast', /^Winograd F\(4x4/],
    ['training', /^Winograd F\(2x2/],
    ['exact', /^direct/],
  ] as const)('by its cost, where it is to be %s', (precision: Precision, expected) => {
    expect(scheduleWith({ precision })).toMatch(expected);
  });

  it('is the recorded one, without a measurement', () => {
    const tuner = createTuner(record('direct', { direct: 2, winograd2: 1 }), {
      assemble,
      onMeasure: (shape) => fail('CNNC7005', 'test', {}, `${shape} is measured`),
    });
    expect(scheduleWith({ precision: 'fast', choose: tuner.choose })).toMatch(/^direct/);
    expect(tuner.hasMeasured()).toBe(false);
  });

  it('is the fastest of those that are allowed where the recorded one is not', () => {
    const known = record('winograd4', { direct: 3, winograd2: 2, winograd4: 1 });
    const tuner = createTuner(known, { assemble });
    expect(scheduleWith({ precision: 'training', choose: tuner.choose })).toMatch(/^Winograd F\(2x2/);
    expect(tuner.hasMeasured()).toBe(false);
  });

  it('is measured and joins the record', () => {
    const measured: string[] = [];
    const known: TuningRecord = new Map();
    const tuner = createTuner(known, { assemble, onMeasure: (shape) => measured.push(shape) });
    scheduleWith({ precision: 'fast', choose: tuner.choose });
    expect(measured).toEqual([KEY]);
    expect(tuner.hasMeasured()).toBe(true);
    const { way, milliseconds } = known.get(KEY)!;
    expect(Object.keys(milliseconds)).toEqual(['direct', 'winograd2', 'winograd4']);
    expect(milliseconds[way]).toBe(Math.min(...Object.values(milliseconds)));
    expect(readRecord(writeRecord(known), 'file')).toEqual(known);
  });

  it('has a key that tells shapes apart', () => {
    const attrs = { stride: [2, 1], padding: [0, 1, 2, 3], dilation: [1, 2], groups: 4 };
    const inputs = [{ shape: [1, 8, 5, 6] }, { shape: [4, 2, 3, 1] }];
    const request = { attrs, inputs } as unknown as ScheduleRequest<'conv2d'>;
    expect(shapeKey(request)).toBe('1x8x5x6 by 4x2x3x1, stride 2x1, padding 0 1 2 3, dilation 1x2, groups 4');
    expect(CONV_WAYS.map(({ name }) => name)).toEqual(['depthwise', 'direct', 'winograd2', 'winograd4']);
  });
});

describe('a file that is no record', () => {
  it.each([
    ['{', 'it is not JSON'],
    ['[]', 'its format is undefined'],
    ['{"format":"other"}', 'its format is "other"'],
    ['{"format":"cnnc tuning 1","conv2d":{"a":{"way":"fft"}}}', '"a" has the unknown schedule "fft"'],
  ])('%s', (text, found) => {
    expect(() => readRecord(text, 'x.json')).toThrow(`tuning (x.json): ${found}`);
  });
});
