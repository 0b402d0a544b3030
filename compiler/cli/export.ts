/** `cnnc export <model> --onnx FILE`: writes a model with its weights as an ONNX file, for use in other engines. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import { DEFAULT_SEED, ownWeightsOf } from '../driver/options.ts';
import { fileReason } from '../host/fileErrors.ts';
import { loadModel, modelFile } from '../host/loadModel.ts';
import { parseShape, parseWhole, type Shapes } from './arguments.ts';
import { BATCH, INPUT, MODEL_FILE, WEIGHTS } from './descriptions.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface ExportFlags {
  readonly onnx?: string;
  readonly weights?: string;
  readonly seed?: number;
  readonly batch?: number;
  readonly input?: Shapes;
  readonly folded?: boolean;
}

export function exportCommand(terminal: Terminal): Command {
  const command = createCommand('export', terminal, [
    'cnnc export resnet18 --weights resnet18.safetensors --onnx resnet18.onnx',
    'cnnc export lenet5 --weights lenet5.pt --batch 8 --folded --onnx lenet5.onnx',
  ]);
  return command
    .description('export a model with its weights as an ONNX file')
    .argument('<model>', MODEL_FILE)
    .option('--onnx <file>', 'the ONNX file to write (required)')
    .option('--weights <file>', WEIGHTS)
    .option(
      '--seed <n>',
      `seed of random weights (default: ${DEFAULT_SEED}, if there is no --weights and the model names none)`,
      parseWhole('--seed', 0),
    )
    .option('--batch <n>', BATCH, parseWhole('--batch', 1))
    .option('--input <name=shape>', INPUT, parseShape('--input'))
    .option('--folded', 'fold batch normalization into the neighbouring layers')
    .action((file: string, flags: ExportFlags) => exportModel(modelFile(file), flags, terminal));
}

async function exportModel(file: string, flags: ExportFlags, terminal: Terminal): Promise<void> {
  const { onnx, weights, seed, batch, input: inputs, folded } = flags;
  if (onnx === undefined)
    return fail('CNNC4003', 'cnnc export', {}, '--onnx is missing; it names the file to write');
  if (weights !== undefined && seed !== undefined)
    fail(
      'CNNC4007',
      'cnnc export',
      {},
      '--seed and --weights exclude each other: the first draws the weights, the second reads them',
    );
  const progress = createProgress(terminal);
  try {
    progress.step(`loading ${file}`);
    const model = await loadModel(file);
    const { exportOnnx } = await import('../driver/exportOnnx.ts');
    const { nodeHost } = await import('../host/node.ts');
    const bytes = exportOnnx(model, { weights, seed, batch, inputs, folded }, nodeHost);
    progress.step(`writing ${onnx}`);
    writeWhole(onnx, bytes);
    progress.end();
    const isDrawn = weights === undefined && ownWeightsOf(model, { seed }) === undefined;
    const hint = isDrawn ? `\n  the weights are random (seed ${seed ?? DEFAULT_SEED})` : '';
    terminal.out(`${model.name} -> ${onnx} (${(bytes.length / 1e6).toFixed(2)} MB)${hint}\n`);
  } finally {
    progress.end();
  }
}

/** Writes a temporary file beside the target and renames it, so that no reader sees half of it. */
function writeWhole(file: string, bytes: Uint8Array): void {
  // Its name is shorter than the file's may be.
  const draft = join(dirname(file), `.cnnc-${process.pid}.tmp`);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, bytes);
    renameSync(draft, file);
  } catch (error) {
    removeQuietly(draft);
    fail('CNNC5002', '--onnx', { file }, `cannot write the file: ${fileReason(error)}`);
  }
}

/** Ignores errors: the first error is the one to report. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}
