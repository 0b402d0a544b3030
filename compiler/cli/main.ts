/**
 * The command line: finds the command, runs it, and is the one place where errors are printed. A `Diagnostic`
 * is the user's to solve and comes without a stack trace; anything else is a bug of ours. Answers the exit
 * code: 0 only on success.
 */
import '../host/workingFolder.ts';
import type { Command } from 'commander';
import { Diagnostic } from '../diagnostics/diagnostic.ts';
import { version } from '../host/packageRoot.ts';
import { benchCommand } from './bench.ts';
import { compileCommand } from './compile.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { runCommand } from './run.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { trainCommand } from './train.ts';
import { createCommand, isFinished } from './usage.ts';

const COMMANDS: readonly ((terminal: Terminal) => Command)[] = [
  benchCommand,
  compileCommand,
  exportCommand,
  importCommand,
  runCommand,
  trainCommand,
];

export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const program = createProgram(terminal);
  if (args.length === 0) {
    terminal.err(helpOf(program));
    return 1;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (isFinished(error)) return 0;
    terminal.err(error instanceof Diagnostic ? formatDiagnostic(error) : formatInternalError(error, args));
    return 1;
  }
}

function createProgram(terminal: Terminal): Command {
  const program = createCommand('cnnc', terminal, [
    'cnnc compile models/resnet18.ts --weights resnet18.safetensors',
    'cnnc run generated/resnet18 cat.jpg',
  ]);
  program
    .description('Compiles convolutional networks into npm modules without dependencies.')
    .version(version);
  for (const create of COMMANDS) program.addCommand(create(terminal));
  return program;
}

/** With the examples, which `helpInformation` leaves out. */
function helpOf(program: Command): string {
  let help = '';
  program.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  return help;
}

const formatDiagnostic = ({ code, message }: Diagnostic): string => `error ${code}: ${message}\n`;

function formatInternalError(error: unknown, args: readonly string[]): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'internal error: this is a bug of cnnc, please report it with the lines below',
    `  cnnc ${args.join(' ')}, node ${process.version}, ${process.platform} ${process.arch}`,
    ...stack.split('\n').map((line) => `  ${line}`),
    '',
  ].join('\n');
}
