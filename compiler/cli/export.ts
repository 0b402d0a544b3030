/** `cnnc export <model> --onnx FILE`: hands a model and its weights to any other engine. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../diagnostics/diagnostic.ts';
import { loadModel, modelFile } from '../host/loadModel.ts';
import { parseShape, parseWhole, type Shapes } from './arguments.ts';
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
    'cnnc export models/resnet18.ts --weights resnet18.safetensors --onnx resnet18.onnx',
    'cnnc export models/lenet5.ts --weights lenet5.pt --batch 8 --folded --onnx lenet5.onnx',
  ]);
  return command
    .description('write a model as ONNX')
    .argument('<model>', 'a TypeScript file whose default export is defineModel({ ... })')
    .option('--onnx <file>', 'the file to write')
    .option('--weights <file>', "a safetensors file with PyTorch's names, or PyTorch's own .pt")
    .option('--seed <n>', 'draws the weights when no file is given; default 1', parseWhole('--seed', 0))
    .option('--batch <n>', 'images in one call: the first extent of every input', parseWhole('--batch', 1))
    .option(
      '--input <name=shape>',
      "an input's whole shape, as image=1x3x96x96; repeatable",
      parseShape('--input'),
    )
    .option('--folded', 'batch norms become part of the layers beside them')
    .action((file: string, flags: ExportFlags) => exportModel(modelFile(file), flags, terminal));
}

async function exportModel(file: string, flags: ExportFlags, terminal: Terminal): Promise<void> {
  const { onnx, weights, seed, batch, input: inputs, folded } = flags;
  if (onnx === undefined) return fail('CNNC4003', 'cnnc export', {}, '--onnx is missing: the file to write');
  if (weights !== undefined && seed !== undefined)
    fail(
      'CNNC4007',
      'cnnc export',
      {},
      '--seed draws weights and --weights reads them, only one of the two can be',
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
    const hint = weights === undefined ? `\n  the weights are random (seed ${seed ?? 1})` : '';
    terminal.out(`${model.name} -> ${onnx} (${(bytes.length / 1e6).toFixed(2)} MB)${hint}\n`);
  } finally {
    progress.end();
  }
}

/** Beside the file first, then renamed: a reader sees all of it or nothing. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, bytes);
    renameSync(draft, file);
  } catch (error) {
    removeQuietly(draft);
    fail('CNNC5002', '--onnx', { file }, `cannot write the file: ${(error as Error).message}`);
  }
}

/** What is wrong has been found already; where there is no folder there is no file either. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}
