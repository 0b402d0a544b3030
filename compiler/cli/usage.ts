/**
 * Commands of Commander with the error format of the compiler: every wrong use of the command line becomes a
 * `Diagnostic` that suggests the nearest existing name.
 */
import { Command, CommanderError } from 'commander';
import type { ErrorCode } from '../diagnostics/codes.ts';
import { fail, nearest } from '../diagnostics/diagnostic.ts';
import type { Terminal } from './terminal.ts';

/** Whether Commander has printed the help or the version, so that nothing is left to do. */
export const isFinished = (error: unknown): boolean =>
  error instanceof CommanderError && error.exitCode === 0;

/** A command whose mistakes become diagnostics. Its help goes to the terminal and ends with the examples. */
export function createCommand(name: string, terminal: Terminal, examples: readonly string[]): Command {
  const command = new Command(name);
  command.configureOutput({ writeOut: terminal.out, writeErr: () => undefined });
  command.exitOverride((error) => translate(command, error));
  command.helpCommand(false).showSuggestionAfterError(false);
  command.helpOption('-h, --help', 'show this help');
  command.addHelpText(
    'after',
    `\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${examples.map((line) => `  ${line}`).join('\n')}`,
  );
  return command;
}

function translate(command: Command, error: CommanderError): never {
  if (error.exitCode === 0) throw error;
  const [, quoted = ''] = /'([^']*)'/.exec(error.message) ?? [];
  const refuse = (code: ErrorCode, found: string): never =>
    fail(code, fullName(command), {}, found, [`${fullName(command)} --help shows how to use it`]);
  switch (error.code) {
    case 'commander.unknownOption':
      return refuse('CNNC4002', `unknown option ${quoted}${suggest(quoted, flagsOf(command))}`);
    case 'commander.unknownCommand':
      return failUnknownCommand(command, quoted);
    case 'commander.missingArgument':
      return refuse('CNNC4003', `<${quoted}> is missing`);
    case 'commander.optionMissingArgument':
      return refuse('CNNC4003', `the value of ${quoted} is missing`);
    case 'commander.excessArguments':
      return refuse('CNNC4004', 'too many arguments');
    default:
      return refuse('CNNC4005', error.message.replace(/^error: /, ''));
  }
}

/** `wrong` is not one of the program's commands. */
export function failUnknownCommand(program: Command, wrong: string): never {
  const known = program.commands.map((command) => command.name());
  const subject = fullName(program);
  fail('CNNC4001', subject, {}, `unknown command ${wrong}${suggest(wrong, known)}`, [
    `${subject} --help lists the commands`,
  ]);
}

const fullName = (command: Command): string =>
  command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();

const flagsOf = (command: Command): string[] => [
  ...command.options.flatMap((option) => option.long ?? []),
  '--help',
];

function suggest(wrong: string, known: readonly string[]): string {
  const near = nearest(wrong, known);
  return near ? `, did you mean ${near}?` : '';
}
