/**
 * The report of `cnnc compile`: a short one, or the full one with all kinds of kernel calls, the values that are alive
 * at the peak of the memory, and a map of the memory.
 */
import type { Compilation } from '../driver/compile.ts';
import { plural } from '../diagnostics/diagnostic.ts';
import type { Timing } from '../diagnostics/timer.ts';
import type { LayerRow } from '../package/layerTable.ts';
import type { CallGroup, MemoryReport, ProgramReport } from '../package/programReport.ts';
import type { TrainingTotals } from '../package/totals.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';

export interface Reported {
  readonly compiled: Compilation;
  readonly folder: string;
  readonly seconds: number;
  /** The seed of the weights, if there is no file of weights. */
  readonly seed: number | undefined;
}

/** Kinds of calls and largest values at the peak in the short report. */
const FEW = 3;
const MORE_HOLDERS = 12;
const PICTURE_ROWS = 40;

export function shortReport({ compiled, folder, seconds, seed }: Reported): string[] {
  const { name, parameters, multiplyAdds, kernelCalls, weightBytes, nodes, report, training, files } =
    compiled;
  return [
    `${name} -> ${folder} (${plural(files.size, 'file')}, ${seconds.toFixed(1)} s)`,
    `  ${formatCount(parameters)} parameters, ${formatCount(multiplyAdds)} multiply-adds, ${plural(kernelCalls, 'kernel call')}`,
    `  weights ${formatBytes(weightBytes)}, ${arenaText(report.memory)}`,
    `  ${nodesText(nodes)}, ${plural(report.kernels, 'distinct kernel')}: ${callsText(report.calls)}`,
    `  ${peakText(report.memory)}`,
    ...(training ? trainingLines(training, parameters) : []),
    ...compiled.left.map(({ name: left, detail }) => `  left out: ${left}, ${detail}`),
    ...(seed === undefined
      ? []
      : [`  the weights are random (seed ${seed}); --weights FILE loads trained ones`]),
  ];
}

/** The part of the full report that follows the short one. */
export function fullReport(
  { compiled: { report, layers, training, drawMemory } }: Reported,
  width: number,
): string[] {
  return [
    '',
    'layers: result, parameters, multiply-adds, receptive field',
    ...columns(layers.map(layerCells)),
    ...details('inference', report, drawMemory({ width, rows: PICTURE_ROWS })),
    ...(training
      ? [
          ...details('a training step', training.report, training.drawMemory({ width, rows: PICTURE_ROWS })),
          ...tradeLines(training),
        ]
      : []),
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
function tradeLines({ tradeOffs }: TrainingTotals): string[] {
  const [asItIs, ...others] = tradeOffs();
  const rows = others.map(({ arenaBytes, multiplyAdds }): [string, string, string] => {
    const more = multiplyAdds / asItIs!.multiplyAdds - 1;
    return [
      formatBytes(arenaBytes),
      `${((100 * arenaBytes) / asItIs!.arenaBytes).toFixed(0)} %`,
      `for ${(100 * more).toFixed(1)} % more multiply-adds`,
    ];
  });
  if (rows.length === 0) return ['', 'a training step: recomputation would not save memory'];
  const title = `a training step: what --max-memory can save of ${formatBytes(asItIs!.arenaBytes)}`;
  return ['', title, ...table(rows)];
}

function details(title: string, { calls, memory }: ProgramReport, picture: string): string[] {
  const { peak, lowerBoundBytes, arenaBytes, placedBy } = memory;
  const holders = peak.holders.slice(0, MORE_HOLDERS);
  const others = peak.holders.length - holders.length;
  return [
    '',
    `${title}: kernel calls`,
    ...table(calls.map((group) => [String(group.count), callKind(group), formatCount(group.multiplyAdds)])),
    '',
    `${title}: memory, arena ${formatBytes(arenaBytes)}, lower bound ${formatBytes(lowerBoundBytes)}, ${ratioText(memory)}; placed by ${placedBy}`,
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
    picture,
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
