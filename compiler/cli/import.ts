/** `cnnc import <file>`: a file of another tool as a readable model file and its weights, which are the user's from then on. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { fail, plural } from '../diagnostics/diagnostic.ts';
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
    .description(`turn a file of another tool (${formats}) into a model file and its weights`)
    .argument('<file>', nounOf(importers))
    .option(
      '--out <model.ts>',
      "the model file; its weights are written beside it; default models/<the file's name>.ts",
    )
    .option(
      '--input <name=shape>',
      'the shape of an input that the file leaves open; repeatable',
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
    fail('CNNC4005', '--out', { file: out }, 'expected a file that ends in .ts');
  const { importFile } = await import('../host/importFile.ts');
  const recorded = await importFile(file, { inputs: input, name: out && basename(out, '.ts') }, importers);
  const target = out ?? join('models', `${recorded.model.name}.ts`);
  const weights = target.replace(/\.ts$/, '.safetensors');
  // A model file is edited by hand: it is never replaced.
  for (const path of [target, weights])
    if (existsSync(path)) fail('CNNC5006', 'cnnc import', { file: path }, 'this exists already');
  const { printModelFile } = await import('../importers/recorded/print.ts');
  const text = printModelFile(recorded, { source: basename(file), weights: basename(weights) });
  const { formatTypescript } = await import('../package/format.ts');
  const formatted = await formatTypescript(text, 100);
  writeFiles(
    new Map<string, string | Uint8Array>([
      [weights, recorded.weights],
      [target, formatted],
    ]),
  );
  const count = plural(recorded.recorder.weights.size, 'tensor');
  terminal.out(`${target}\n${weights}: ${count}\n  cnnc compile ${target} --weights ${weights}\n`);
}

function writeFiles(files: ReadonlyMap<string, string | Uint8Array>): void {
  for (const [path, content] of files) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { flag: 'wx' });
    } catch (error) {
      fail('CNNC5002', 'cnnc import', { file: path }, `cannot write: ${(error as Error).message}`);
    }
  }
}
