/**
 * The command line: runs a command and prints its error, if there is one. A `Diagnostic` is a mistake that the user can
 * correct, so it is printed without a stack trace; any other error is a bug of cnnc. The result is the exit code, which
 * is 0 only on success.
 */
import '../host/workingFolder.ts';
import type { Command } from 'commander';
import { Diagnostic } from '../diagnostics/diagnostic.ts';
import { version } from '../host/packageRoot.ts';
import { benchCommand } from './bench.ts';
import { plainText, type Paint } from './colours.ts';
import { compileCommand } from './compile.ts';
import { exportCommand } from './export.ts';
import { helpCommand, helpOf } from './help.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { runCommand } from './run.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { trainCommand } from './train.ts';
import { createCommand, isFinished } from './usage.ts';

const COMMANDS: readonly ((terminal: Terminal) => Command)[] = [
  benchCommand,
  compileCommand,
  exportCommand,
  importCommand,
  initCommand,
  runCommand,
  trainCommand,
  helpCommand,
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
    const paint = terminal.paint?.err ?? plainText;
    terminal.err(
      error instanceof Diagnostic ? formatDiagnostic(error, paint) : formatInternalError(error, args, paint),
    );
    return 1;
  }
}

export function createProgram(terminal: Terminal): Command {
  const program = createCommand('cnnc', terminal, [
    'cnnc compile models/resnet18.ts --weights resnet18.safetensors',
    'cnnc run generated/resnet18 cat.jpg',
    'cnnc help train',
  ]);
  program
    .description('compile convolutional networks into npm modules without dependencies')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const create of COMMANDS) program.addCommand(create(terminal));
  return program;
}

const formatDiagnostic = ({ code, message }: Diagnostic, paint: Paint): string =>
  `${paint('error', `error ${code}:`)} ${message}\n`;

function formatInternalError(error: unknown, args: readonly string[], paint: Paint): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${paint('error', 'internal error:')} this is a bug in cnnc; please report it with the lines below`,
    `  cnnc ${args.join(' ')}, node ${process.version}, ${process.platform} ${process.arch}`,
    ...stack.split('\n').map((line) => `  ${line}`),
    '',
  ].join('\n');
}
