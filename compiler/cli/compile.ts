/**
 * `cnnc compile <model>`: from a model file to a package's folder. The folder appears as a whole, or not at
 * all when something is wrong.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fail, plural } from '../diagnostics/diagnostic.ts';
import { loadModel } from '../frontend/loadModel.ts';
import { fromHere } from '../frontend/place.ts';
import type { Compilation, CompileOptions } from '../compile.ts';
import { isOptimizerName, optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import type { TrainingTotals } from '../package/totals.ts';
import type { Stage } from '../pipeline.ts';
import { targetNames, type KnownTarget } from '../targets/index.ts';
import { parseShape, parseTargets, parseWhole, type Shapes } from './arguments.ts';
import { createProgress, silentProgress, type Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface CompileFlags {
  readonly target?: readonly KnownTarget[];
  readonly batch?: number;
  readonly input?: Shapes;
  readonly weights?: string;
  readonly seed?: number;
  /** `true` when the flag stands without a value. */
  readonly train?: string | true;
  readonly optimizer?: OptimizerName;
  readonly clip?: boolean;
  readonly out?: string;
  readonly dumpIr?: string;
  readonly json?: boolean;
}

/** The pipeline's default. */
const SEED = 1;

export function compileCommand(terminal: Terminal): Command {
  const command = createCommand('compile', terminal, [
    'cnnc compile models/resnet18.ts --weights resnet18.safetensors',
    'cnnc compile models/lenet5.ts --batch 8 --out build/lenet5',
    'cnnc compile models/resnet18.ts --input image=1x3x96x96 --dump-ir /tmp/ir',
    'cnnc compile models/resnet20.ts --batch 32 --train --optimizer adamw',
    'cnnc compile models/resnet20.ts --batch 32 --train head --weights resnet20.safetensors',
  ]);
  return command
    .description('compile a model into a package')
    .argument('<model>', 'a TypeScript file whose default export is defineModel({ ... })')
    .option(
      '--target <names>',
      `what the package runs on, separated by commas: ${targetNames.join(', ')}; default all`,
      parseTargets('--target'),
    )
    .option('--batch <n>', 'images in one call: the first extent of every input', parseWhole('--batch', 1))
    .option(
      '--input <name=shape>',
      "an input's whole shape, as image=1x3x96x96; repeatable",
      parseShape('--input'),
    )
    .option('--weights <file>', "a safetensors file with PyTorch's names")
    .option('--seed <n>', `draws the weights when no file is given; default ${SEED}`, parseWhole('--seed', 0))
    .option(
      '--train [which]',
      "the package trains as well: all weights, or only head, last:N, bias, or names such as 'layer4.*'",
    )
    .option('--optimizer <name>', `with --train: ${optimizerNames.join(', ')}; default sgd`, parseOptimizer)
    .option('--clip', 'with --train: steps clip the norm of the gradients')
    .option('--out <folder>', "the package's folder; default generated/<model's name>")
    .option('--dump-ir <folder>', 'write the graph before and after every pass')
    .option('--json', 'print the report as JSON')
    .action((file: string, flags: CompileFlags) => compile(file, flags, terminal));
}

async function compile(file: string, flags: CompileFlags, terminal: Terminal): Promise<void> {
  if (flags.weights !== undefined && flags.seed !== undefined) {
    fail('cnnc compile', {}, '--seed draws weights and --weights reads them, only one of the two can be');
  }
  if (flags.train === undefined && (flags.optimizer ?? flags.clip) !== undefined) {
    fail(
      'cnnc compile',
      {},
      `--${flags.optimizer ? 'optimizer' : 'clip'} is for a package that trains: add --train`,
    );
  }
  const started = performance.now();
  const progress = flags.json ? silentProgress : createProgress(terminal);
  try {
    progress.step(`loading ${file}`);
    const model = await loadModel(file);
    // The compiler brings TypeScript's and prettier's sources along: only where something is compiled.
    const compiler = await import('../compile.ts');
    const { checkFolder, writePackage } = await import('../package/write.ts');
    const folder = flags.out ?? join('generated', model.name);
    checkFolder(folder);
    const compiled = await compiler.compile(model, await compileOptions(file, flags, progress));
    progress.step(`writing ${folder}`);
    writePackage(folder, compiled.files);
    progress.end();
    await report({ folder, compiled, flags, seconds: (performance.now() - started) / 1000 }, terminal);
  } finally {
    progress.end();
  }
}

async function compileOptions(
  file: string,
  { target, batch, input, weights, seed, dumpIr, train, optimizer, clip }: CompileFlags,
  progress: Progress,
): Promise<CompileOptions> {
  const dump = dumpIr === undefined ? undefined : await createDump(dumpIr);
  return {
    ...{ batch, weights, seed, targets: target, inputs: input },
    training: train === undefined ? undefined : { optimizer, clip, train: train === true ? 'all' : train },
    source: fromHere(resolve(file)),
    onStage(stage) {
      progress.step(`compiling: ${stage.name}`);
      dump?.(stage);
    },
  };
}

/** `00-model.txt`, one file a stage. */
async function createDump(folder: string): Promise<(stage: Stage) => void> {
  const { printGraph } = await import('../ir/printer.ts');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    fail('--dump-ir', { file: folder }, `cannot make the folder: ${(error as Error).message}`);
  }
  return ({ name, graph }) => writeFileSync(join(folder, `${name}.txt`), printGraph(graph));
}

const optimizerNames = Object.keys(optimizers);

const parseOptimizer = (text: string): OptimizerName =>
  isOptimizerName(text)
    ? text
    : fail('--optimizer', {}, `there is no ${JSON.stringify(text)}, expected ${optimizerNames.join(', ')}`);

function trainingLine(
  { optimizer, arenaBytes, trained, kernelCalls }: TrainingTotals,
  parameters: number,
  bytes: (n: number) => string,
  count: (n: number) => string,
): string {
  const part =
    trained === parameters ? 'all parameters' : `${count(trained)} of ${count(parameters)} parameters`;
  return `  trains ${part} with ${optimizer}: ${plural(kernelCalls, 'kernel call')} a step, arena ${bytes(arenaBytes)}`;
}

interface Result {
  readonly folder: string;
  readonly compiled: Compilation;
  readonly flags: CompileFlags;
  readonly seconds: number;
}

async function report({ folder, compiled, flags, seconds }: Result, terminal: Terminal): Promise<void> {
  const { formatBytes, formatCount } = await import('../program/bytes.ts');
  const { files, ...facts } = compiled;
  if (flags.json) {
    const summary = { ...facts, folder, files: [...files.keys()], seconds };
    terminal.out(`${JSON.stringify(summary, undefined, 2)}\n`);
    return;
  }
  const { name, parameters, multiplyAdds, kernelCalls, weightBytes, arenaBytes } = facts;
  const lines = [
    `${name} -> ${folder} (${plural(files.size, 'file')}, ${seconds.toFixed(1)} s)`,
    `  ${formatCount(parameters)} parameters, ${formatCount(multiplyAdds)} multiply-adds, ${plural(kernelCalls, 'kernel call')}`,
    `  weights ${formatBytes(weightBytes)}, arena ${formatBytes(arenaBytes)}`,
  ];
  if (facts.training) lines.push(trainingLine(facts.training, parameters, formatBytes, formatCount));
  for (const { name: left, detail } of facts.left) lines.push(`  left out: ${left}, ${detail}`);
  if (flags.weights === undefined) {
    lines.push(`  the weights are random (seed ${flags.seed ?? SEED}): --weights FILE takes trained ones`);
  }
  terminal.out(`${lines.join('\n')}\n`);
}
