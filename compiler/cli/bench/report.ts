/** Formats a result of `cnnc bench`: a table of the calls, totals, slow calls with reasons, and the comparison. */
import { plural } from '../../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../../program/bytes.ts';
import type { BenchCall } from './call.ts';
import type { Variant } from './ceilings.ts';
import type { ComparedCall, Comparison } from './compare.ts';
import { SLOW, WEIGHTY, type BenchResult } from './result.ts';

export type Order = 'calls' | 'time';

export function reportLines(result: BenchResult, order: Order): string[] {
  const calls = order === 'time' ? [...result.calls].sort((a, b) => b.ms - a.ms) : result.calls;
  return [
    ...headLines(result),
    '',
    ...callTable(calls, result),
    '',
    ...totalLines(result),
    ...slowLines(result),
  ];
}

const PASSES = { forward: 'forward', training: 'a training step' } as const;

const VARIANTS: Readonly<Record<Variant, string>> = {
  plain: 'wasm without relaxed SIMD',
  relaxed: 'wasm with relaxed SIMD',
};

function headLines({ name, target, pass, inputs, variant, host, ceilings, runs }: BenchResult): string[] {
  const shapes = Object.entries(inputs).map(([input, type]) => `${input} ${type}`);
  return [
    `${name}, ${variant ? VARIANTS[variant] : target}, ${PASSES[pass]}: ${shapes.join(', ')}`,
    `  ${host.gpu ?? host.cpu}, Node ${host.node.slice(1)}; medians of ${plural(runs, 'run')}${host.gpu === undefined ? ', one thread' : ''}`,
    ...(ceilings
      ? [
          `  this machine: ${ceilings.gflops.toFixed(1)} GFLOP/s by 128-bit ${variant === 'relaxed' ? 'relaxed_madd' : 'mul + add'} in registers, ${ceilings.gbPerSecond.toFixed(1)} GB/s read from ${formatBytes(ceilings.readBytes)} of memory`,
        ]
      : []),
  ];
}

interface Column {
  readonly title: string;
  readonly cell: (call: BenchCall) => string;
  readonly isText?: boolean;
}

const percent = (share: number | undefined, digits = 0): string =>
  share === undefined ? '' : `${(share * 100).toFixed(digits)} %`;

const speed = (value: number): string => (value === 0 ? '' : value.toFixed(value < 1 ? 2 : 1));
const count = (value: number): string => (value === 0 ? '' : formatCount(value));

function columnsOf({ pass, ceilings, totals }: BenchResult): Column[] {
  const hasOwn = totals.ownMultiplyAdds !== totals.multiplyAdds;
  const when = (condition: boolean, ...columns: Column[]): Column[] => (condition ? columns : []);
  return [
    { title: 'ms', cell: ({ ms }) => formatMs(ms) },
    { title: 'share', cell: ({ share }) => percent(share, 1) },
    { title: 'mult-adds', cell: ({ multiplyAdds }) => count(multiplyAdds) },
    { title: 'GFLOP/s', cell: ({ gflops }) => speed(gflops) },
    ...when(hasOwn, { title: 'own', cell: ({ ownGflops }) => speed(ownGflops) }),
    ...when(ceilings !== undefined, {
      title: 'peak',
      cell: ({ ofPeak, multiplyAdds }) => (multiplyAdds ? percent(ofPeak) : ''),
    }),
    { title: 'bytes', cell: ({ bytes }) => formatBytes(bytes) },
    { title: 'GB/s', cell: ({ gbPerSecond }) => speed(gbPerSecond) },
    ...when(ceilings !== undefined, { title: 'bound by', cell: boundText, isText: true }),
    ...when(pass === 'training', { title: 'phase', cell: phaseText, isText: true }),
    { title: 'layer', cell: ({ label }) => label, isText: true },
    { title: 'result', cell: ({ result }) => result, isText: true },
    { title: 'kernel', cell: ({ kernel }) => kernel, isText: true },
    { title: 'schedule', cell: ({ schedule }) => schedule, isText: true },
  ];
}

const boundText = ({ boundBy, ofRoof }: BenchCall): string => `${boundBy} ${percent(ofRoof)}`;
const phaseText = ({ phase, times }: BenchCall): string => (times === 1 ? phase : `${phase} x ${times}`);

const formatMs = (ms: number): string => ms.toFixed(ms < 1 ? 4 : 2);

function callTable(calls: readonly BenchCall[], result: BenchResult): string[] {
  const columns = columnsOf(result);
  const rows = [
    columns.map(({ title }) => title),
    ...calls.map((call) => columns.map(({ cell }) => cell(call))),
  ];
  return align(
    rows,
    columns.map(({ isText }) => isText === true),
  );
}

/** Aligns text to the left and numbers to the right. */
function align(rows: readonly (readonly string[])[], isText: readonly boolean[]): string[] {
  const widths = isText.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (cell: string, column: number): string =>
    isText[column] ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd());
}

function totalLines({ calls, totals, pass, ceilings, overheadMs, host }: BenchResult): string[] {
  const { callsMs, medianMs, minMs, firstMs, multiplyAdds, ownMultiplyAdds } = totals;
  const method = pass === 'training' ? 'trainStep()' : 'forward()';
  const own =
    ownMultiplyAdds === multiplyAdds
      ? ''
      : `; with the schedules' own arithmetic ${formatCount(ownMultiplyAdds)}, ${speed(totals.ownGflops)} GFLOP/s`;
  const peak = ceilings ? `, ${percent(totals.ownGflops / ceilings.gflops)} of the peak` : '';
  const clock = host.gpu
    ? "by the GPU's clock, each in a separate pass"
    : `each without the ${(overheadMs * 1e6).toFixed(0)} ns that the measurement takes`;
  return [
    `  ${plural(calls.length, 'call')} ${formatMs(callsMs)} ms, ${clock}; ${method} ${formatMs(medianMs)} ms, fastest ${formatMs(minMs)}, first ${formatMs(firstMs)}`,
    `  ${formatCount(multiplyAdds)} multiply-adds, ${speed(totals.gflops)} GFLOP/s${own}${peak}; arena ${formatBytes(totals.arenaBytes)}, weights ${formatBytes(totals.weightBytes)}`,
    ...(own
      ? [
          '  own: Winograd counts only its own multiplications, without transforms and the rest of border tiles',
        ]
      : []),
  ];
}

function slowLines({ calls, ceilings }: BenchResult): string[] {
  if (!ceilings) return [];
  const limits = `below ${percent(SLOW)} of the peak with more than ${percent(WEIGHTY)} of the time`;
  const slow = calls.filter(({ reasons }) => reasons).sort((a, b) => b.share - a.share);
  if (slow.length === 0) return ['', `no call is ${limits}`];
  const rows = slow.map(({ share, ofPeak, label, reasons }) => [
    percent(share, 1),
    percent(ofPeak),
    label,
    reasons!.join('; ') || 'no other reason found: the schedule itself is slow',
  ]);
  return [
    '',
    `${limits}:`,
    ...align([['share', 'peak', 'layer', 'why'], ...rows], [false, false, true, true]),
  ];
}

export function comparisonLines(
  { calls, ratio }: Comparison,
  own: BenchResult,
  other: BenchResult,
): string[] {
  const sides = `${describe(own)} ${formatMs(own.totals.medianMs)} ms, the other (${describe(other)}) ${formatMs(other.totals.medianMs)} ms`;
  const rows = calls.map((call) => [
    call.ms === undefined ? '' : formatMs(call.ms),
    call.otherMs === undefined ? '' : formatMs(call.otherMs),
    call.ratio === undefined ? '' : call.ratio.toFixed(2),
    call.label,
    call.result,
    scheduleText(call),
  ]);
  return [
    '',
    `compared: ${sides}, ratio ${ratio.toFixed(2)}`,
    ...align(
      [['ms', 'other', 'ratio', 'layer', 'result', 'schedule'], ...rows],
      [false, false, false, true, true, true],
    ),
  ];
}

const describe = ({ target, variant }: BenchResult): string => (variant ? VARIANTS[variant] : target);

const scheduleText = ({ schedule, otherSchedule }: ComparedCall): string =>
  otherSchedule === undefined || otherSchedule === schedule
    ? schedule
    : `${schedule} (other: ${otherSchedule})`;
