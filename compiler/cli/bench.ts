/**
 * `cnnc bench <module>`: measures each kernel call of a compiled package and compares it with the limits of this
 * machine. The parts are in bench/.
 */
import { writeFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import { fromHere } from '../frontend/place.ts';
import type { BenchFlag } from '../emit/target.ts';
import { fileReason } from '../host/fileErrors.ts';
import { TARGETS } from '../targets/index.ts';
import { parseChoice, parseWhole } from './arguments.ts';
import { plainText } from './colours.ts';
import { createCeilingMeter, type CeilingMeter } from './bench/ceilings.ts';
import { checkComparable, compare } from './bench/compare.ts';
import { measure, type Pass } from './bench/measure.ts';
import { measureGpu } from './bench/measureGpu.ts';
import { comparisonLines, reportLines, type Order } from './bench/report.ts';
import { benchResult, readResult, type BenchResult } from './bench/result.ts';
import { KERNEL_FAMILIES, openSubject, type KernelFamily, type Subject } from './bench/subject.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface BenchFlags {
  readonly target?: string;
  readonly training?: boolean;
  readonly plain?: boolean;
  readonly family?: KernelFamily;
  readonly runs?: number;
  readonly sort: Order;
  readonly json?: string;
  readonly compare?: string;
}

export function benchCommand(terminal: Terminal): Command {
  const command = createCommand('bench', terminal, [
    'cnnc bench generated/resnet18',
    'cnnc bench generated/resnet18 --target wasm --sort time --json before.json',
    'cnnc bench generated/resnet18 --compare before.json',
    'cnnc bench generated/lenet5 --training',
  ]);
  return command
    .description('measure each kernel call of a package')
    .argument('<module>', 'the folder of a package that `cnnc compile` wrote')
    .option(
      '--target <name>',
      'the target to measure, if the package has several (default: the first that load() tries)',
    )
    .option('--training', 'measure a training step instead of the forward pass')
    .option('--plain', `with ${targetsFor('plain')}: do not use relaxed SIMD, even if it is available`)
    .option(
      '--family <which>',
      `with ${targetsFor('family')}: kernel family, tiled (for GPUs) or blocked (for CPUs that emulate one) (default: depends on the adapter)`,
      parseChoice('--family', KERNEL_FAMILIES),
    )
    .option(
      '--runs <n>',
      'number of runs (default: as many as fit into about two seconds)',
      parseWhole('--runs', 1),
    )
    .addOption(
      new Option('--sort <order>', 'order of the table: calls (as they run) or time (slowest first)')
        .argParser(parseChoice('--sort', ORDERS))
        .default('calls', 'calls'),
    )
    .option('--json <file>', 'write the result as JSON; - prints it instead of the table')
    .option('--compare <file>', 'compare with an earlier result that --json wrote')
    .action((folder: string, flags: BenchFlags) => bench(folder, flags, terminal));
}

const ORDERS: readonly Order[] = ['calls', 'time'];

async function bench(folder: string, flags: BenchFlags, terminal: Terminal): Promise<void> {
  const subject = await openSubject(folder, flags.target);
  const pass: Pass = flags.training ? 'training' : 'forward';
  checkFlags(subject, flags);
  // Checked before the measurement, so that a wrong file does not cost its time.
  const other = flags.compare === undefined ? undefined : readComparable(subject, pass, flags.compare);
  const progress = createProgress(flags.json === '-' ? { ...terminal, err: () => undefined } : terminal);
  try {
    progress.step(`measuring ${subject.info.name}`);
    const result = await measureSubject(subject, pass, flags);
    progress.end();
    print(result, other, flags, terminal);
  } finally {
    progress.end();
  }
}

const TARGET_FLAGS: readonly BenchFlag[] = ['plain', 'family'];

/** The targets that an option applies to: `the target wasm`. */
const targetsFor = (flag: BenchFlag): string => {
  const names = TARGETS.filter(({ bench }) => bench.flags.includes(flag)).map(({ name }) => name);
  return `the target ${names.join(' or ')}`;
};

function checkFlags({ folder, target, bench, training, info }: Subject, flags: BenchFlags): void {
  for (const flag of TARGET_FLAGS) {
    if (!flags[flag] || bench.flags.includes(flag)) continue;
    fail(
      'CNNC4008',
      `--${flag}`,
      { file: folder },
      `this option is for ${targetsFor(flag)}, the package uses ${target}`,
    );
  }
  if (flags.training && !(training && info.training)) {
    fail('CNNC5013', '--training', { file: folder }, 'the package does not train; compile it with --train');
  }
}

function readComparable(subject: Subject, pass: Pass, file: string): BenchResult {
  const other = readResult(file, '--compare');
  checkComparable(subject, pass, other, file);
  return other;
}

async function measureSubject(subject: Subject, pass: Pass, flags: BenchFlags): Promise<BenchResult> {
  const { device, hasCeilings } = subject.bench;
  if (device.kind === 'gpu') {
    const { runs, family } = flags;
    const { npmPackage } = device;
    return benchResult(subject, pass, await measureGpu(subject, { pass, runs, family, npmPackage }));
  }
  const meter: CeilingMeter | undefined = hasCeilings
    ? await createCeilingMeter(workingBytes(subject, pass), flags.plain === true)
    : undefined;
  const measured = await measure(subject, { pass, runs: flags.runs, meter });
  const machine = meter && { variant: meter.variant, ceilings: meter.best() };
  return benchResult(subject, pass, measured, machine);
}

function workingBytes({ info }: Subject, pass: Pass): number {
  return info.weightBytes + (pass === 'training' ? info.training!.arenaBytes : info.arenaBytes);
}

function print(
  result: BenchResult,
  other: BenchResult | undefined,
  flags: BenchFlags,
  terminal: Terminal,
): void {
  const comparison = other && compare(result, other);
  if (flags.json !== undefined) {
    const text = `${JSON.stringify({ ...result, ...(comparison ? { comparison } : {}) }, undefined, 2)}\n`;
    if (flags.json === '-') return terminal.out(text);
    writeJson(flags.json, text);
  }
  const lines = reportLines(result, flags.sort);
  if (comparison) lines.push(...comparisonLines(comparison, result, other));
  const [headline, ...rest] = [...lines, ...hints(result, flags)];
  const paint = terminal.paint?.out ?? plainText;
  terminal.out(`${[paint('headline', headline!), ...rest].join('\n')}\n`);
}

function writeJson(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    fail('CNNC5002', '--json', { file }, `cannot write the file: ${fileReason(error)}`);
  }
}

/** Node 20 has relaxed SIMD only with a flag. */
const hints = ({ variant }: BenchResult, { plain }: BenchFlags): string[] =>
  variant === 'plain' && !plain
    ? [
        '',
        `relaxed SIMD is off in Node ${process.version.slice(1)}; if it has this flag, it is turned on by: node --experimental-wasm-relaxed-simd ${fromHere(process.argv[1]!)} bench ...`,
      ]
    : [];
