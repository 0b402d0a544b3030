/** docs/command-line.md: every command as its own commander object describes it. */
import type { Command } from 'commander';
import { createProgram } from '../../../compiler/cli/main.ts';
import { block, code, prose, table } from './markdown.ts';

const INTRODUCTION = `# Command line

\`cnnc <command> --help\` prints the same on a terminal. \`cnnc --version\` prints the version.

The exit code is 0 only on success. Results are printed on the standard output, progress and errors on the standard error output.
On a terminal, errors are red, warnings yellow and headlines bold; \`NO_COLOR=1\` switches colours off, \`FORCE_COLOR=1\` on.
A mistake in a model, a file or an option is reported with what was found, where, what was expected, and a code that [Errors](errors.md) explains.`;

const silent = { out: () => undefined, err: () => undefined, interactive: false };

/** Every command, in the order of the help. */
export const commands = (): readonly Command[] => createProgram(silent).commands;

export const commandLinePage = (): string =>
  [INTRODUCTION, ...commands().map(describeCommand)].join('\n\n') + '\n';

function describeCommand(command: Command): string {
  const usage = `cnnc ${command.name()} ${command.usage()}`;
  const sections = [
    `## cnnc ${command.name()}`,
    `${capitalize(prose(command.description()))}.`,
    block('', [usage]),
    describeArguments(command),
    describeOptions(command),
    describeExamples(command),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

const describeArguments = ({ registeredArguments }: Command): string =>
  registeredArguments.length === 0
    ? ''
    : table(
        ['argument', 'what it is'],
        registeredArguments.map((argument) => [code(argument.name()), prose(argument.description)]),
      );

function describeOptions({ options }: Command): string {
  const rows = options.map(({ flags, description, defaultValue }) => {
    const ending = defaultValue === undefined ? '' : ` (default: ${String(defaultValue)})`;
    return [code(flags), prose(description + ending)];
  });
  return rows.length === 0 ? '' : table(['option', 'what it does'], rows);
}

/** The end of the help, which commander does not keep apart. */
function describeExamples(command: Command): string {
  const [, text = ''] = /\nExamples?:\n([^]*)$/.exec(helpOf(command)) ?? [];
  const lines = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  return lines.length === 0 ? '' : block('', lines);
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  return help;
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
