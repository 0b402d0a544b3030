/**
 * The record of measurements: a small JSON file with the fastest way for each shape of convolution, so that later
 * compiles choose the same. Keys are shapes, in alphabetical order.
 */
import { fail } from '../../../diagnostics/diagnostic.ts';
import type { ScheduleRequest } from '../../../lowering/target.ts';
import { conv2d } from '../../../ops/conv2d.ts';
import { CONV_WAYS, type ConvWay } from '../schedules/conv2d/conv2d.ts';

type WayName = ConvWay['name'];

export interface Measured {
  readonly way: WayName;
  /** Milliseconds per call, by way. A later compile reads them if it may not choose `way`. */
  readonly milliseconds: Readonly<Partial<Record<WayName, number>>>;
}

export type TuningRecord = Map<string, Measured>;

const FORMAT = 'cnnc tuning 1';

/** `1x64x56x56 by 64x64x3x3, stride 1x1, padding 1 1 1 1, dilation 1x1, groups 1`. */
export function shapeKey({ attrs, inputs }: ScheduleRequest<'conv2d'>): string {
  const [x, weight] = inputs.map(({ shape }) => shape.join('x'));
  const { stride, padding, dilation, groups } = attrs;
  return `${x} by ${weight}, stride ${stride.join('x')}, padding ${padding.join(' ')}, dilation ${dilation.join('x')}, groups ${groups}`;
}

export function writeRecord(record: TuningRecord): string {
  const entries = [...record].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ format: FORMAT, target: 'wasm', [conv2d.name]: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

/** Reads a record. Fails with the file's name if it is not one. */
export function readRecord(text: string, file: string): TuningRecord {
  const refuse = (found: string): never =>
    fail('CNNC7005', 'tuning', { file }, `${found}, expected a file that --tune wrote`);
  const parsed = parse(text) ?? refuse('it is not JSON');
  const { format, [conv2d.name]: measured } = Object(parsed) as { format?: unknown; conv2d?: unknown };
  if (format !== FORMAT || typeof measured !== 'object' || measured === null)
    refuse(`its format is ${JSON.stringify(format)}`);
  const entries = Object.entries(measured as Record<string, Measured>);
  const wrong = entries.find(([, one]) => !isWay(wayOf(one)));
  if (wrong)
    refuse(`${JSON.stringify(wrong[0])} has the unknown schedule ${JSON.stringify(wayOf(wrong[1]))}`);
  return new Map(entries);
}

const wayOf = (measured: unknown): unknown => (Object(measured) as { way?: unknown }).way;
const isWay = (name: unknown): boolean => CONV_WAYS.some((way) => way.name === name);

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
