/**
 * The report of `cnnc compile`: a short one, or the full one with all kinds of kernel calls, the values that are alive
 * at the peak of the memory, and a map of the memory.
 */
import type { Compilation } from '../driver/compile.ts';
import type { TargetReport } from '../driver/report.ts';
import { plural } from '../diagnostics/diagnostic.ts';
import type { Timing } from '../diagnostics/timer.ts';
import type { PictureSize } from '../program/picture.ts';
import type { LayerRow } from '../package/layerTable.ts';
import type { CallGroup, MemoryReport, ProgramReport } from '../package/programReport.ts';
import type { TrainingTotals } from '../package/totals.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { wrapLine, type Line } from './lines.ts';

export interface Reported {
  readonly compiled: Compilation;
  readonly folder: string;
  readonly seconds: number;
}

/** Kinds of calls and largest values at the peak in the short report. */
const FEW = 3;
const MORE_HOLDERS = 12;
const PICTURE_ROWS = 40;

/** The first line, then the costs: those of each target if there are several. */
export function shortReport({ compiled, folder, seconds }: Reported): Line[] {
  const { name, parameters, multiplyAdds, kernelCalls, targets, files } = compiled;
  const size = `${formatCount(parameters)} parameters, ${formatCount(multiplyAdds)} multiply-adds`;
  const [one, ...others] = targets;
  const costs =
    others.length === 0
      ? [`  ${size}, ${plural(kernelCalls, 'kernel call')}`, ...targetLines(one!, compiled)]
      : [`  ${size}`, ...targets.flatMap((target) => namedLines(target, compiled))];
  const headline = `${name} -> ${folder} (${plural(files.size, 'file')}, ${seconds.toFixed(1)} s)`;
  const warnings = compiled.left.map(({ name: left, detail }) => `  left out: ${left}, ${detail}`);
  return [
    { text: headline, style: 'headline' },
    ...batchLines(compiled).map((text): Line => ({ text })),
    ...costs.map((text): Line => ({ text })),
    ...warnings.map((text): Line => ({ text, style: 'warning' })),
  ];
}

const batchLines = ({ batches }: Compilation): string[] =>
  batches
    ? [
        `  any number of images in groups of ${[...batches].reverse().join(', ')}; calls and peak are those of ${batches[0]}`,
      ]
    : [];

const namedLines = (target: TargetReport, compiled: Compilation): string[] => [
  `  ${target.target}: ${plural(target.kernelCalls, 'kernel call')}`,
  ...targetLines(target, compiled).map((line) => `  ${line}`),
];

const targetLines = (
  { weightBytes, arenaBytes, report, training }: TargetReport,
  { nodes, parameters, batches, ownWeightBytes }: Compilation,
): string[] => [
  `  weights ${formatBytes(weightBytes)}${growthText(weightBytes - ownWeightBytes, ownWeightBytes)}, ${batches ? `arena ${formatBytes(arenaBytes)}` : arenaText(report.memory)}`,
  `  ${nodesText(nodes)}, ${plural(report.kernels, 'distinct kernel')}: ${callsText(report.calls)}`,
  `  ${peakText(report.memory)}`,
  ...(training ? trainingLines(training, parameters) : []),
];

/** What packing adds to a weight file, from a hundredth on. */
const growthText = (more: number, own: number): string =>
  more > own / 100 ? `, of which packing adds ${formatBytes(more)}` : '';

/** The part of the full report that follows the short one. */
export function fullReport({ compiled: { layers, targets } }: Reported, width: number): string[] {
  return [
    '',
    'layers: result, parameters, multiply-adds, receptive field',
    ...columns(layers.map(layerCells)),
    ...targets.flatMap((target) => targetDetails(target, targets.length > 1, width)),
  ];
}

function targetDetails(
  { target, report, drawMemory, training }: TargetReport,
  isNamed: boolean,
  width: number,
): string[] {
  const title = (program: string): string => (isNamed ? `${target}, ${program}` : program);
  const inference = details(title('inference'), report, drawMemory, width);
  if (!training) return inference;
  const step = title('a training step');
  return [
    ...inference,
    ...details(step, training.report, training.drawMemory, width),
    ...tradeLines(step, training),
  ];
}

const nodesText = ({ before, after }: Compilation['nodes']): string =>
  `${plural(before, 'operation')}, ${after} after the passes`;

const ratioText = ({ ratio }: MemoryReport): string => `${ratio.toFixed(2)} x the lower bound`;

const arenaText = (memory: MemoryReport): string =>
  `arena ${formatBytes(memory.arenaBytes)} (${ratioText(memory)})`;

const callText = ({ kind, schedule, count }: CallGroup): string => `${count} ${kind} (${schedule})`;

function callsText(calls: readonly CallGroup[]): string {
  const others = calls.slice(FEW).reduce((sum, { count }) => sum + count, 0);
  return [...calls.slice(0, FEW).map(callText), ...(others > 0 ? [plural(others, 'other')] : [])].join(', ');
}

function peakText({ peak: { label, holders } }: MemoryReport): string {
  const named = holders.slice(0, FEW).map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`);
  const others = holders.slice(FEW);
  const rest = formatBytes(others.reduce((sum, { bytes }) => sum + bytes, 0));
  const more = others.length > 0 ? [`${plural(others.length, 'other')} ${rest}`] : [];
  return `peak memory at ${label}: ${[...named, ...more].join(', ')}`;
}

/** Auxiliary heads do not count as parameters, because only training uses them. */
function partText(trained: number, parameters: number): string {
  if (trained === parameters) return 'all parameters';
  const all = formatCount(parameters);
  if (trained > parameters)
    return `all parameters and ${formatCount(trained - parameters)} of auxiliary heads`;
  return `${formatCount(trained)} of ${all} parameters`;
}

function trainingLines(
  { optimizer, trained, kernelCalls, report, nodes, microBatches }: TrainingTotals,
  parameters: number,
) {
  const part = partText(trained, parameters);
  return [
    `  trains ${part} with ${optimizer}: ${plural(kernelCalls, 'kernel call')} a step${microBatches > 1 ? ` (all but the update once for each of ${microBatches} micro-batches)` : ''}, ${arenaText(report.memory)}`,
    `  ${nodesText(nodes)}, ${plural(report.kernels, 'distinct kernel')}: ${callsText(report.calls)}`,
    `  ${peakText(report.memory)}`,
  ];
}

/** The first trade-off is the step without recomputation. */
function tradeLines(step: string, { tradeOffs }: TrainingTotals): string[] {
  const [asItIs, ...others] = tradeOffs();
  const rows = others.map(({ arenaBytes, multiplyAdds }): [string, string, string] => {
    const more = multiplyAdds / asItIs!.multiplyAdds - 1;
    return [
      formatBytes(arenaBytes),
      `${((100 * arenaBytes) / asItIs!.arenaBytes).toFixed(0)} %`,
      `for ${(100 * more).toFixed(1)} % more multiply-adds`,
    ];
  });
  if (rows.length === 0) return ['', `${step}: recomputation would not save memory`];
  const title = `${step}: what --max-memory can save of ${formatBytes(asItIs!.arenaBytes)}`;
  return ['', title, ...table(rows)];
}

function details(
  title: string,
  { calls, memory }: ProgramReport,
  draw: (size: PictureSize) => string,
  width: number,
): string[] {
  const { peak, lowerBoundBytes, arenaBytes, placedBy } = memory;
  const holders = peak.holders.slice(0, MORE_HOLDERS);
  const others = peak.holders.length - holders.length;
  return [
    '',
    `${title}: kernel calls`,
    ...table(calls.map((group) => [String(group.count), callKind(group), formatCount(group.multiplyAdds)])),
    '',
    ...wrapLine(
      `${title}: memory, arena ${formatBytes(arenaBytes)}, lower bound ${formatBytes(lowerBoundBytes)}, ${ratioText(memory)}; placed by ${placedBy}`,
      width,
    ),
    `  the peak is at call ${peak.call}, ${peak.label}:`,
    ...table(
      holders.map(({ name, bytes, lifetime }) => [
        formatBytes(bytes),
        name,
        `calls ${lifetime.from} to ${lifetime.to}`,
      ]),
    ),
    ...(others > 0 ? [`  and ${plural(others, 'smaller one')}`] : []),
    '',
    draw({ width, rows: PICTURE_ROWS }),
  ];
}

/** A row for each stage, in the order of their first run, and a sum for each group. */
export function timingTable(timings: readonly Timing[]): string[] {
  const sumOf = (of: readonly Timing[]): number =>
    of.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const groups = [...new Set(timings.map(({ group }) => group))];
  const rows = groups.flatMap((name): [string, string, string][] => {
    const of = timings.filter(({ group }) => group === name);
    const stages = of.map((one): [string, string, string] => [
      milliseconds(one.milliseconds),
      `  ${one.name}`,
      one.runs > 1 ? `${one.runs} runs` : '',
    ]);
    return [[milliseconds(sumOf(of)), name, ''], ...stages];
  });
  const title = `time by stage: ${milliseconds(sumOf(timings))} in total`;
  return ['', title, ...table(rows).map((line) => line.trimEnd())];
}

const milliseconds = (time: number): string => `${time.toFixed(1)} ms`;

const callKind = ({ kind, schedule }: CallGroup): string => `${kind} (${schedule})`;

const layerCells = ({ layer, op, shape, parameters, multiplyAdds, receptiveField }: LayerRow): string[] => [
  layer,
  layer === op ? '' : op,
  shape.join('x'),
  parameters === 0 ? '' : formatCount(parameters),
  multiplyAdds === 0 ? '' : formatCount(multiplyAdds),
  receptiveField ? receptiveField.join('x') : '',
];

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}

/** Aligns numbers to the right and names to the left. */
function table(rows: readonly (readonly [string, string, string])[]): string[] {
  const widest = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => row[column].length));
  const [first, second] = [widest(0), widest(1)];
  return rows.map(([a, b, c]) => `  ${a.padStart(first)}  ${b.padEnd(second)}  ${c}`);
}
