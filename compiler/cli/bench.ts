/**
 * `cnnc bench <module>`: where the time of a compiled package goes, a line a kernel call, held against what this machine
 * can do at best. The parts are in bench/.
 */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import type { BenchFlag } from '../emit/target.ts';
import { TARGETS } from '../targets/index.ts';
import { parseWhole } from './arguments.ts';
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
    .description('measure a compiled package, kernel call by kernel call')
    .argument('<module>', "a package's folder, as `cnnc compile` writes it")
    .option('--target <name>', 'of a package with several; default the one that its load() prefers')
    .option('--training', 'measure the training step of a package that trains')
    .option('--plain', `with ${targetsFor('plain')}: without relaxed SIMD, even where this machine has it`)
    .option(
      '--family <which>',
      `with ${targetsFor('family')}: tiled (for GPUs) or blocked (for CPUs that emulate one); default by the adapter`,
      parseKernels,
    )
    .option('--runs <n>', 'how many; default about two seconds of them', parseWhole('--runs', 1))
    .option('--sort <order>', 'calls: as they run; time: the slowest first', parseOrder, 'calls')
    .option('--json <file>', 'write the result there as JSON; - prints it instead of the table')
    .option('--compare <file>', 'print the ratios to a result that --json wrote')
    .action((folder: string, flags: BenchFlags) => bench(folder, flags, terminal));
}

const ORDERS: readonly Order[] = ['calls', 'time'];

const parseOrder = (text: string): Order =>
  ORDERS.find((order) => order === text) ??
  fail('CNNC4005', '--sort', {}, `there is no ${JSON.stringify(text)}, expected ${ORDERS.join(', ')}`);

const parseKernels = (text: string): KernelFamily =>
  KERNEL_FAMILIES.find((one) => one === text) ??
  fail(
    'CNNC4005',
    '--family',
    {},
    `there is no ${JSON.stringify(text)}, expected ${KERNEL_FAMILIES.join(' or ')}`,
  );

async function bench(folder: string, flags: BenchFlags, terminal: Terminal): Promise<void> {
  const subject = await openSubject(folder, flags.target);
  const pass: Pass = flags.training ? 'training' : 'forward';
  checkFlags(subject, flags);
  // What cannot be compared is refused before anything is measured.
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

/** `the target wasm`: for which a flag is. */
const targetsFor = (flag: BenchFlag): string => {
  const names = TARGETS.filter(({ bench }) => bench.flags.includes(flag)).map(({ name }) => name);
  return `the target ${names.join(' or ')}`;
};

function checkFlags({ folder, target, bench, training, info }: Subject, flags: BenchFlags): void {
  for (const flag of TARGET_FLAGS) {
    if (!flags[flag] || bench.flags.includes(flag)) continue;
    fail('CNNC4008', `--${flag}`, { file: folder }, `it is for ${targetsFor(flag)}, this is ${target}`);
  }
  if (flags.training && !(training && info.training)) {
    fail('CNNC5013', '--training', { file: folder }, 'the package does not train, compile it with --train');
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
  terminal.out(`${[...lines, ...hints(result, flags)].join('\n')}\n`);
}

function writeJson(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    fail('CNNC5002', '--json', { file }, `cannot write the file: ${(error as Error).message}`);
  }
}

/** Node 20 has relaxed SIMD, but off. */
const hints = ({ variant }: BenchResult, { plain }: BenchFlags): string[] =>
  variant === 'plain' && !plain
    ? [
        '',
        `relaxed SIMD is off in Node ${process.version.slice(1)}: node --experimental-wasm-relaxed-simd node_modules/.bin/cnnc bench ... turns it on where it is behind this flag`,
      ]
    : [];
