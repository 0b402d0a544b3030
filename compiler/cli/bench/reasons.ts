/**
 * Reasons why a call is below the multiply-add peak that follow from its facts: its limit, its schedule, and how much of
 * its tiles it uses. Several may apply. If none applies, the schedule itself is slow.
 */
import { plural } from '../../diagnostics/diagnostic.ts';
import { resultShape, winogradTile } from './arithmetic.ts';
import type { BenchCall } from './call.ts';
import type { Ceilings } from './ceilings.ts';

type Reason = (call: BenchCall, ceilings: Ceilings) => string | undefined;

/** Below this time at the peak, calling a kernel and setting up its loops counts. */
const SMALL_MS = 0.01;
const FULL = 0.95;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

const memoryBound: Reason = ({ boundBy, ofRoof, multiplyAdds }) =>
  boundBy === 'memory' && multiplyAdds > 0 ? `bound by memory, ${memorySpeed(ofRoof!)}` : undefined;

const movesOnly: Reason = ({ multiplyAdds, ofRoof }) =>
  multiplyAdds === 0 ? `computes nothing, moves numbers through memory, ${memorySpeed(ofRoof!)}` : undefined;

const HELD = 0.6;

const memorySpeed = (ofRoof: number): string => {
  if (ofRoof > 1) return 'as fast as caches make it';
  return ofRoof > HELD
    ? `at ${percent(ofRoof)} of its speed`
    : `yet at no more than ${percent(ofRoof)} of its speed`;
};

const plainLoops: Reason = ({ schedule }) => (schedule === 'loops' ? 'plain loops' : undefined);

const small: Reason = ({ ownMultiplyAdds }, { gflops }) => {
  const least = (2 * ownMultiplyAdds) / 1e6 / gflops;
  return ownMultiplyAdds > 0 && least < SMALL_MS
    ? `small: ${(least * 1000).toPrecision(2)} us at the peak`
    : undefined;
};

const winograd: Reason = (call) => {
  const m = winogradTile(call.schedule);
  if (m === undefined) return undefined;
  const [, , height = 1, width = 1] = resultShape(call);
  const used = (height * width) / (roundUp(height, m) * roundUp(width, m));
  const tiles =
    used < FULL ? `; border: tiles of ${m} x ${m} on ${height} x ${width}, ${percent(used)} full` : '';
  return `the transforms, which are not counted${tiles}`;
};

/** Reads a schedule such as `direct, 4 pixels x 8 channels, 7 rows, padded strips`. */
const tiles: Reason = (call) => {
  const [, pixels, block] = /(\d+) pixels x (\d+) channels/.exec(call.schedule) ?? [];
  const [, channels, , width] = resultShape(call);
  if (pixels === undefined || width === undefined || channels === undefined) return undefined;
  const used = (width / roundUp(width, Number(pixels))) * (channels / roundUp(channels, Number(block)));
  const lie = `tiles of ${pixels} x ${block} on ${plural(width, 'pixel')} x ${plural(channels, 'channel')}`;
  return used < FULL ? `border: ${lie}, ${percent(used)} full` : undefined;
};

const padded: Reason = ({ schedule }) =>
  schedule.includes('padded strips') && winogradTile(schedule) === undefined
    ? 'border: the input is copied into padded strips'
    : undefined;

const FEW = 8;

/** Reads the name of a kernel such as `conv2d_7x7_s2_3to64_relu`. */
const fewChannels: Reason = ({ kernel }) => {
  const [, inputs] = /^conv2d_.*_(\d+)to\d+/.exec(kernel) ?? [];
  return Number(inputs) < FEW ? `only ${plural(Number(inputs), 'input channel')}` : undefined;
};

const depthwise: Reason = ({ schedule }) =>
  schedule.startsWith('depthwise') ? 'depthwise: a load for every multiply-add' : undefined;

const REASONS: readonly Reason[] = [
  memoryBound,
  movesOnly,
  plainLoops,
  depthwise,
  small,
  fewChannels,
  winograd,
  tiles,
  padded,
];

const roundUp = (count: number, step: number): number => Math.ceil(count / step) * step;

export const reasonsOf = (call: BenchCall, ceilings: Ceilings): string[] =>
  REASONS.flatMap((reason) => reason(call, ceilings) ?? []);
