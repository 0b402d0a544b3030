/**
 * Commander, with the compiler's format of errors: every wrong use of the command line becomes a `Diagnostic` that names
 * the nearest thing that exists.
 */
import { Command, CommanderError } from 'commander';
import { fail, nearest } from '../diagnostics/diagnostic.ts';
import type { Terminal } from './terminal.ts';

/** Help and version have been printed: there is nothing more to do. */
export const isFinished = (error: unknown): boolean =>
  error instanceof CommanderError && error.exitCode === 0;

/** A command whose mistakes are diagnoses and whose help goes to the terminal, the examples last. */
export function createCommand(name: string, terminal: Terminal, examples: readonly string[]): Command {
  const command = new Command(name);
  command.configureOutput({ writeOut: terminal.out, writeErr: () => undefined });
  command.exitOverride((error) => translate(command, error));
  command.helpCommand(false).showSuggestionAfterError(false);
  command.addHelpText(
    'after',
    `\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${examples.map((line) => `  ${line}\n`).join('')}`,
  );
  return command;
}

function translate(command: Command, error: CommanderError): never {
  if (error.exitCode === 0) throw error;
  const subject = fullName(command);
  const [, quoted = ''] = /'([^']*)'/.exec(error.message) ?? [];
  const seeHelp = [`${subject} --help shows what it takes`];
  switch (error.code) {
    case 'commander.unknownOption':
      return fail(
        'CNNC4002',
        subject,
        {},
        `unknown option ${quoted}${suggest(quoted, flagsOf(command))}`,
        seeHelp,
      );
    case 'commander.unknownCommand':
      return fail(
        'CNNC4001',
        subject,
        {},
        `unknown command ${quoted}${suggest(quoted, commandsOf(command))}`,
        seeHelp,
      );
    case 'commander.missingArgument':
      return fail('CNNC4003', subject, {}, `<${quoted}> is missing`, seeHelp);
    case 'commander.optionMissingArgument':
      return fail('CNNC4003', subject, {}, `the value of ${quoted} is missing`, seeHelp);
    case 'commander.excessArguments':
      return fail('CNNC4004', subject, {}, `there are more arguments than it takes`, seeHelp);
    default:
      return fail('CNNC4005', subject, {}, error.message.replace(/^error: /, ''), seeHelp);
  }
}

const fullName = (command: Command): string =>
  command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();

const flagsOf = (command: Command): string[] => [
  ...command.options.flatMap((option) => option.long ?? []),
  '--help',
];

const commandsOf = (command: Command): string[] => command.commands.map((sub) => sub.name());

function suggest(wrong: string, known: readonly string[]): string {
  const near = nearest(wrong, known);
  return near ? `, did you mean ${near}?` : '';
}
