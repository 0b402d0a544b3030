/**
 * `cnnc compile <model>`: compiles a model file into the folder of a package. If there is an error, the folder is not
 * written or changed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import type { PreprocessSettings } from '../frontend/givenPreprocess.ts';
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
  isLikeParts,
  parseBatch,
  parseBytes,
  parseChoice,
  parseInline,
  parseName,
  parsePasses,
  parsePreprocess,
  parseShape,
  parseTargets,
  parseWhole,
  type Shapes,
} from './arguments.ts';
import type { BatchOption } from '../driver/batches.ts';
import { plainText } from './colours.ts';
import { BATCH, INPUT, LABELS, MODEL_FILE, PREPROCESS, WEIGHTS } from './descriptions.ts';
import { printLines, widthOf } from './lines.ts';
import { readOptionalValues, type OptionalValues } from './optionalValues.ts';
import { createProgress, silentProgress, type Progress } from './progress.ts';
import { fileReason } from '../host/fileErrors.ts';
import { modelFile } from '../host/loadModel.ts';
import { sourceName } from '../host/sourceName.ts';
import { isModelName, loadSource } from './source.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface CompileFlags {
  readonly target?: readonly TargetRecord[];
  readonly inline?: InlineOption;
  readonly exact?: boolean;
  readonly tune?: string;
  readonly fixedWeights?: boolean;
  readonly packedWeights?: boolean;
  readonly batch?: BatchOption;
  readonly input?: Shapes;
  /** A path, or the bytes that an imported file contains. */
  readonly weights?: string | Uint8Array;
  readonly seed?: number;
  readonly preprocess?: PreprocessSettings;
  readonly labels?: string;
  readonly name?: string;
  readonly force?: boolean;
  readonly train?: string;
  readonly optimizer?: OptimizerName;
  readonly clip?: boolean;
  readonly maxMemory?: number;
  readonly microBatches?: number;
  readonly predictBatch?: BatchOption;
  readonly out?: string;
  readonly disablePass?: readonly string[];
  readonly dumpIr?: string;
  readonly timings?: boolean;
  readonly report?: boolean;
  readonly json?: boolean;
}

export function compileCommand(terminal: Terminal, importers: readonly Importer[] = IMPORTERS): Command {
  const command = createCommand('compile', terminal, [
    'cnnc compile models/resnet18.ts --weights resnet18.safetensors',
    'cnnc compile models/lenet5.ts --batch 8 --name lenet5-batch8',
    'cnnc compile resnet20 --batch 1,8,32 --target wasm --name resnet20-any',
    'cnnc compile models/mobilenetv2.ts --target typescript,wasm',
    'cnnc compile models/mobilenetv2.ts --target wasm --tune mobilenetv2.tune.json',
    'cnnc compile models/lenet5.ts --target wasm --inline all --name lenet5-inline',
    'cnnc compile models/mobilenetv2.ts --input image=1x3x96x96 --dump-ir /tmp/ir',
    ...importers.flatMap((importer) => importer.examples.compile),
    'cnnc compile resnet20 --batch 32 --train --optimizer adamw --out build/adamw',
    'cnnc compile vehicles --batch 32 --train head --weights resnet20.safetensors',
    'cnnc compile resnet18 --batch 4 --train --max-memory 48MB --out build/small',
  ]);
  readOptionalValues(command, optionalValues(importers));
  return command
    .description('compile a model into a package')
    .argument('<model>', `${MODEL_FILE}, or ${nounOf(importers)}`)
    .option(
      '--target <names>',
      `targets of the package, separated by commas: ${targetNames.join(', ')}, or all (default: ${targetNames[0]})`,
      parseTargets('--target'),
    )
    .option(
      '--inline [parts]',
      `parts to put into the JavaScript instead of separate files: kernels (with ${targetsWith('inline')}), weights, or all (default: kernels)`,
      parseInline('--inline'),
    )
    .option(
      '--exact',
      `with ${targetsWith('exact')}: use no Winograd convolutions, which add rounding errors of about 1e-4`,
    )
    .option(
      '--tune <file>',
      `with ${targetsWith('tune')}: measure the schedules of each convolution on this machine and store the fastest in a JSON file; convolutions that are in the file are not measured again`,
    )
    .option(
      '--batch <n>',
      `${BATCH}; several, such as 1,8,32, make a package that takes any number of images`,
      parseBatch('--batch'),
    )
    .option('--input <name=shape>', INPUT, parseShape('--input'))
    .option('--weights <file>', WEIGHTS)
    .option(
      '--fixed-weights',
      'fold and pack the weights now and leave out the code that takes other weights; only filters that grow are packed at load',
    )
    .option(
      '--packed-weights',
      'fixed weights, all of them in the file as the kernels read them, for the fastest start from a local disk; the file may be several times as large',
    )
    .option(
      '--seed <n>',
      `seed of random weights (default: ${DEFAULT_SEED}, if there is no --weights and the model names none)`,
      parseWhole('--seed', 0),
    )
    .option('--preprocess <how>', `${PREPROCESS}, for a model that does not say it`, parsePreprocess)
    .option('--labels <file>', LABELS)
    .option(
      '--train [which]',
      "make a package that can train: all weights, or only head, last:N, bias, or names such as 'layer4.*'",
    )
    .option(
      '--optimizer <name>',
      `with --train: optimizer, one of ${optimizerNames.join(', ')} (default: sgd)`,
      parseChoice('--optimizer', optimizerNames),
    )
    .option('--clip', 'with --train: clip the norm of the gradients')
    .option(
      '--max-memory <size>',
      'with --train: the largest arena of a training step, such as 64MB; activations that do not fit are recomputed',
      parseBytes('--max-memory'),
    )
    .option(
      '--micro-batches <n>',
      'with --train: split the batch of a step into n parts and average their gradients',
      parseWhole('--micro-batches', 1),
    )
    .option(
      '--predict-batch <n>',
      'with --train: the batch of forward and predict, or several, such as 1,32 (default: that of training)',
      parseBatch('--predict-batch'),
    )
    .option('--name <name>', "name of the package (default: the model's)", parseName)
    .option('--out <folder>', 'folder of the package (default: generated/<name>)')
    .option('--force', 'replace a package in the folder that was compiled from another source')
    .option(
      '--disable-pass <names>',
      'passes to leave out, separated by commas; the results stay the same, but the package is slower; repeatable',
      parsePasses('--disable-pass'),
    )
    .option(
      '--dump-ir <folder>',
      'write the graph, the programs and the kernels before and after each pass that changes them',
    )
    .option('--timings', 'print the time of each stage of the compilation')
    .option('--report', 'print the full report: layers, kernel calls by kind, and a map of the memory')
    .option('--json', 'print the report as JSON')
    .action((file: string, flags: CompileFlags) => compile(modelFile(file), flags, terminal, importers));
}

/** The options whose value may be left out. */
export const optionalValues = (importers: readonly Importer[] = IMPORTERS): OptionalValues => ({
  '--inline': { usual: 'kernels', isValue: isLikeParts },
  '--train': { usual: 'all', isValue: (word) => !isModelName(word, importers) },
});

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
      '--seed and --weights exclude each other: the first draws the weights, the second reads them',
    );
  }
  const forTraining = (['optimizer', 'clip', 'maxMemory', 'microBatches', 'predictBatch'] as const).find(
    (name) => given[name] !== undefined,
  );
  if (given.train === undefined && forTraining) {
    const flag = forTraining.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    fail('CNNC4008', 'cnnc compile', {}, `--${flag} is for packages that train; add --train`);
  }
  const started = performance.now();
  const progress = given.json ? silentProgress : createProgress(terminal);
  try {
    progress.step(`loading ${file}`);
    const { model, flags } = await loadSource(file, given, importers);
    // Imported late, because the compiler loads TypeScript and prettier.
    const compiler = await import('../driver/compile.ts');
    const { nodeHost } = await import('../host/node.ts');
    const folder = flags.out ?? join('generated', flags.name ?? model.name);
    const by = { source: sourceName(file), force: flags.force };
    nodeHost.files.checkFolder(folder, by);
    const options = { ...compileOptions(file, flags, progress), source: by.source };
    const compiled = await compiler.compile(model, options, nodeHost);
    progress.step(`writing ${folder}`);
    nodeHost.files.writePackage(folder, compiled.files, by);
    progress.end();
    warnOfRandomWeights(compiled, flags, terminal);
    await report({ folder, compiled, flags, seconds: (performance.now() - started) / 1000 }, terminal);
  } finally {
    progress.end();
  }
}

/** The warning comes before the report. With `--json` the report has the seed. */
function warnOfRandomWeights({ seed }: Compilation, { json }: CompileFlags, terminal: Terminal): void {
  if (seed === undefined || json) return;
  const text = `warning: the weights are random (seed ${seed}); --weights FILE loads trained ones`;
  terminal.err(`${(terminal.paint?.err ?? plainText)('warning', text)}\n`);
}

function compileOptions(file: string, flags: CompileFlags, progress: Progress): CompileOptions {
  const { target, inline, exact, tune, batch, input, weights, seed, dumpIr, train, ...rest } = flags;
  const { optimizer, clip, maxMemory, microBatches, predictBatch, disablePass, ...others } = rest;
  const { name, preprocess, labels, fixedWeights, packedWeights } = others;
  return {
    ...{ batch, weights, seed, targets: target, inline, exact, tune, inputs: input },
    ...{ fixedWeights, packedWeights },
    ...{ name, preprocess, labels },
    disabledPasses: disablePass,
    training:
      train === undefined ? undefined : { optimizer, clip, maxMemory, microBatches, predictBatch, train },
    onStage: (stage) => progress.step(`compiling ${file}`, stage.name),
    onDump: dumpIr === undefined ? undefined : createDump(dumpIr),
  };
}

/** A function that writes files into the folder. */
function createDump(folder: string): (file: DumpedFile) => void {
  const refuse = (error: unknown): never =>
    fail('CNNC5002', '--dump-ir', { file: folder }, `cannot write into the folder: ${fileReason(error)}`);
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

const optimizerNames = Object.keys(optimizers).filter(isOptimizerName);

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
  const width = widthOf(terminal);
  const reported = { compiled, folder, seconds };
  printLines(terminal, shortReport(reported));
  const details = [
    ...(flags.report ? fullReport(reported, width) : []),
    ...(flags.timings ? timingTable(compiled.timings) : []),
  ];
  if (details.length > 0) terminal.out(`${details.join('\n')}\n`);
}
