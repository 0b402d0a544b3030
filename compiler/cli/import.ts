/** `cnnc import <file>`: converts a model file of another format into a readable model file and its weights. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { fail, plural } from '../diagnostics/diagnostic.ts';
import { fileReason } from '../host/fileErrors.ts';
import { nounOf } from '../importers/choose.ts';
import { IMPORTERS } from '../importers/index.ts';
import type { Importer } from '../importers/types.ts';
import { parseShape, type Shapes } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface ImportFlags {
  readonly out?: string;
  readonly input?: Shapes;
}

export function importCommand(terminal: Terminal, importers: readonly Importer[] = IMPORTERS): Command {
  const examples = importers.flatMap((importer) => importer.examples.import);
  const formats = importers.map(({ title }) => title).join(', ');
  return createCommand('import', terminal, examples)
    .description(`convert a file of another format (${formats}) into a model file`)
    .argument('<file>', nounOf(importers))
    .option(
      '--out <model.ts>',
      'the model file to write, with the weights beside it (default: models/<name>.ts)',
    )
    .option(
      '--input <name=shape>',
      'shape of an input with open dimensions, such as image=1x3x224x224; repeatable',
      parseShape('--input'),
    )
    .action((file: string, flags: ImportFlags) => importModelFile(file, flags, terminal, importers));
}

async function importModelFile(
  file: string,
  { out, input }: ImportFlags,
  terminal: Terminal,
  importers: readonly Importer[],
): Promise<void> {
  if (out !== undefined && !/\.ts$/.test(out))
    fail('CNNC4005', '--out', { file: out }, 'the name of the model file must end in .ts');
  const { importFile } = await import('../host/importFile.ts');
  const recorded = await importFile(file, { inputs: input, name: out && basename(out, '.ts') }, importers);
  const target = out ?? join('models', `${recorded.model.name}.ts`);
  const weights = target.replace(/\.ts$/, '.safetensors');
  // Users edit model files, so an existing one is never overwritten.
  for (const path of [target, weights])
    if (existsSync(path)) fail('CNNC5006', 'cnnc import', { file: path }, 'the file exists already');
  const { isPlain, printModelFile } = await import('../importers/recorded/print.ts');
  const text = printModelFile(recorded, { source: basename(file), weights: basename(weights) });
  const { formatTypescript } = await import('../package/format.ts');
  const formatted = await formatTypescript(text, 100);
  writeFiles(
    new Map<string, string | Uint8Array>([
      [weights, recorded.weights],
      [target, formatted],
    ]),
  );
  const given = isPlain(basename(weights)) ? '' : ` --weights ${weights}`;
  const count = plural(recorded.recorder.weights.size, 'tensor');
  terminal.out(`${target}\n${weights}: ${count}\n  cnnc compile ${target}${given}\n`);
}

function writeFiles(files: ReadonlyMap<string, string | Uint8Array>): void {
  for (const [path, content] of files) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { flag: 'wx' });
    } catch (error) {
      fail('CNNC5002', 'cnnc import', { file: path }, `cannot write: ${fileReason(error)}`);
    }
  }
}
