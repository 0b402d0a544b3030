/**
 * `cnnc compile <model>`: from a model file to a package's folder. The folder appears as a whole, or not at
 * all when something is wrong.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import { fromHere } from '../frontend/place.ts';
import type { Compilation } from '../driver/compile.ts';
import { isOptimizerName, optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import type { InlineOption } from '../driver/inline.ts';
import { DEFAULT_SEED, type CompileOptions } from '../driver/options.ts';
import type { DumpedFile } from '../driver/dump.ts';
import { nounOf } from '../importers/choose.ts';
import { IMPORTERS } from '../importers/index.ts';
import type { Importer } from '../importers/types.ts';
import { targetNames, targetsWith } from '../targets/index.ts';
import type { TargetRecord } from '../emit/target.ts';
import {
  attachInline,
  parseBytes,
  parseInline,
  parsePasses,
  parseShape,
  parseTargets,
  parseWhole,
  type Shapes,
} from './arguments.ts';
import { createProgress, silentProgress, type Progress } from './progress.ts';
import { modelFile } from '../host/loadModel.ts';
import { loadSource } from './source.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface CompileFlags {
  readonly target?: readonly TargetRecord[];
  /** `true` when the flag stands without a value. */
  readonly inline?: InlineOption;
  readonly exact?: boolean;
  readonly tune?: string;
  readonly batch?: number;
  readonly input?: Shapes;
  /** An imported file brings the bytes of its own. */
  readonly weights?: string | Uint8Array;
  readonly seed?: number;
  /** `true` when the flag stands without a value. */
  readonly train?: string | true;
  readonly optimizer?: OptimizerName;
  readonly clip?: boolean;
  readonly maxMemory?: number;
  readonly microBatches?: number;
  readonly out?: string;
  readonly disablePass?: readonly string[];
  readonly dumpIr?: string;
  readonly timings?: boolean;
  readonly report?: boolean;
  readonly json?: boolean;
}

/** Of the full report, where the output is no terminal. */
const WIDTH = 100;

export function compileCommand(terminal: Terminal, importers: readonly Importer[] = IMPORTERS): Command {
  const command = createCommand('compile', terminal, [
    'cnnc compile models/resnet18.ts --weights resnet18.safetensors',
    'cnnc compile models/lenet5.ts --batch 8 --out build/lenet5',
    'cnnc compile models/resnet18.ts --target typescript,wasm',
    'cnnc compile models/resnet18.ts --target wasm --tune resnet18.tune.json',
    'cnnc compile models/lenet5.ts --target wasm --inline all',
    'cnnc compile models/resnet18.ts --input image=1x3x96x96 --dump-ir /tmp/ir',
    ...importers.flatMap((importer) => importer.examples.compile),
    'cnnc compile models/resnet20.ts --batch 32 --train --optimizer adamw',
    'cnnc compile models/resnet20.ts --batch 32 --train head --weights resnet20.safetensors',
    'cnnc compile models/resnet18.ts --batch 4 --train --max-memory 48MB',
  ]);
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (args) => parse(attachInline(args));
  return command
    .description('compile a model into a package')
    .argument(
      '<model>',
      `a TypeScript file whose default export is defineModel({ ... }), or ${nounOf(importers)}`,
    )
    .option(
      '--target <names>',
      `what the package runs on, separated by commas: ${targetNames.join(', ')}; or all; default ${targetNames[0]}`,
      parseTargets('--target'),
    )
    .option(
      '--inline [parts]',
      `parts that stand inside the JavaScript, not in files: kernels (with ${targetsWith('inline')}; the default), weights, or all`,
      parseInline('--inline'),
    )
    .option(
      '--exact',
      `with ${targetsWith('exact')}: no Winograd convolutions, which add rounding errors of 1e-4`,
    )
    .option(
      '--tune <file>',
      `with ${targetsWith('tune')}: measure the ways of each convolution on this machine and record the fastest in a JSON file; what is in the file is not measured again`,
    )
    .option('--batch <n>', 'images in one call: the first extent of every input', parseWhole('--batch', 1))
    .option(
      '--input <name=shape>',
      "an input's whole shape, as image=1x3x96x96; repeatable",
      parseShape('--input'),
    )
    .option('--weights <file>', "a safetensors file with PyTorch's names, or PyTorch's own .pt")
    .option(
      '--seed <n>',
      `draws the weights when no file is given; default ${DEFAULT_SEED}`,
      parseWhole('--seed', 0),
    )
    .option(
      '--train [which]',
      "the package trains as well: all weights, or only head, last:N, bias, or names such as 'layer4.*'",
    )
    .option('--optimizer <name>', `with --train: ${optimizerNames.join(', ')}; default sgd`, parseOptimizer)
    .option('--clip', 'with --train: steps clip the norm of the gradients')
    .option(
      '--max-memory <size>',
      'with --train: the most that the arena of a step may take, as 64MB; what does not fit is computed twice',
      parseBytes('--max-memory'),
    )
    .option(
      '--micro-batches <n>',
      'with --train: a step runs its batch in so many parts and averages their gradients',
      parseWhole('--micro-batches', 1),
    )
    .option('--out <folder>', "the package's folder; default generated/<model's name>")
    .option(
      '--disable-pass <names>',
      'passes that do not run, separated by commas; repeatable: the package computes the same, with more work',
      parsePasses('--disable-pass'),
    )
    .option(
      '--dump-ir <folder>',
      'write the graph, the programs and every kernel, before and after every pass that changes it',
    )
    .option('--timings', 'print what each stage of the compile took')
    .option('--report', 'print the full report: kernel calls by kind, who holds the memory, a picture of it')
    .option('--json', 'print the report as JSON')
    .action((file: string, flags: CompileFlags) => compile(modelFile(file), flags, terminal, importers));
}

async function compile(
  file: string,
  given: CompileFlags,
  terminal: Terminal,
  importers: readonly Importer[],
): Promise<void> {
  if (given.weights !== undefined && given.seed !== undefined) {
    fail(
      'CNNC4007',
      'cnnc compile',
      {},
      '--seed draws weights and --weights reads them, only one of the two can be',
    );
  }
  const forTraining = (['optimizer', 'clip', 'maxMemory', 'microBatches'] as const).find(
    (name) => given[name] !== undefined,
  );
  if (given.train === undefined && forTraining) {
    const flag = forTraining.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    fail('CNNC4008', 'cnnc compile', {}, `--${flag} is for a package that trains: add --train`);
  }
  const started = performance.now();
  const progress = given.json ? silentProgress : createProgress(terminal);
  try {
    progress.step(`loading ${file}`);
    const { model, flags } = await loadSource(file, given, importers);
    // The compiler brings TypeScript's and prettier's sources along: only where something is compiled.
    const compiler = await import('../driver/compile.ts');
    const { nodeHost } = await import('../host/node.ts');
    const folder = flags.out ?? join('generated', model.name);
    nodeHost.files.checkFolder(folder);
    const compiled = await compiler.compile(model, compileOptions(file, flags, progress), nodeHost);
    progress.step(`writing ${folder}`);
    nodeHost.files.writePackage(folder, compiled.files);
    progress.end();
    await report({ folder, compiled, flags, seconds: (performance.now() - started) / 1000 }, terminal);
  } finally {
    progress.end();
  }
}

function compileOptions(file: string, flags: CompileFlags, progress: Progress): CompileOptions {
  const { target, inline, exact, tune, batch, input, weights, seed, dumpIr, train, ...rest } = flags;
  const { optimizer, clip, maxMemory, microBatches, disablePass } = rest;
  return {
    ...{ batch, weights, seed, targets: target, inline, exact, tune, inputs: input },
    disabledPasses: disablePass,
    training:
      train === undefined
        ? undefined
        : { optimizer, clip, maxMemory, microBatches, train: train === true ? 'all' : train },
    source: fromHere(resolve(file)),
    onStage: (stage) => progress.step(`compiling: ${stage.name}`),
    onDump: dumpIr === undefined ? undefined : createDump(dumpIr),
  };
}

/** Writes files below the folder. */
function createDump(folder: string): (file: DumpedFile) => void {
  const refuse = (error: unknown): never =>
    fail('CNNC5002', '--dump-ir', { file: folder }, `cannot write there: ${(error as Error).message}`);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    refuse(error);
  }
  return ({ path, text }) => {
    try {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    } catch (error) {
      refuse(error);
    }
  };
}

const optimizerNames = Object.keys(optimizers);

const parseOptimizer = (text: string): OptimizerName =>
  isOptimizerName(text)
    ? text
    : fail(
        'CNNC4005',
        '--optimizer',
        {},
        `there is no ${JSON.stringify(text)}, expected ${optimizerNames.join(', ')}`,
      );

interface Result {
  readonly folder: string;
  readonly compiled: Compilation;
  readonly flags: CompileFlags;
  readonly seconds: number;
}

async function report({ folder, compiled, flags, seconds }: Result, terminal: Terminal): Promise<void> {
  if (flags.json) {
    const { files, ...facts } = compiled;
    const summary = { ...facts, folder, files: [...files.keys()], seconds };
    terminal.out(`${JSON.stringify(summary, undefined, 2)}\n`);
    return;
  }
  const { shortReport, fullReport, timingTable } = await import('./compileReport.ts');
  const seed = flags.weights === undefined ? (flags.seed ?? DEFAULT_SEED) : undefined;
  const reported = { compiled, folder, seconds, seed };
  const full = flags.report ? fullReport(reported, process.stdout.columns ?? WIDTH) : [];
  const timings = flags.timings ? timingTable(compiled.timings) : [];
  terminal.out(`${[...shortReport(reported), ...full, ...timings].join('\n')}\n`);
}
