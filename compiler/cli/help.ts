/** `cnnc help [command]`: the same text as `--help` of the command. */
import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';
import { createCommand, failUnknownCommand } from './usage.ts';

export function helpCommand(terminal: Terminal): Command {
  const command = createCommand('help', terminal, ['cnnc help', 'cnnc help compile']);
  return command
    .description('show the help of a command')
    .argument('[command]', 'the name of a command (default: all commands)')
    .action((name: string | undefined) => {
      const program = command.parent!;
      const known = program.commands.find((one) => one.name() === name);
      if (name !== undefined && !known) failUnknownCommand(program, name);
      terminal.out(helpOf(known ?? program));
    });
}

/** The help with the examples, which `helpInformation` of Commander leaves out. */
export function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  return help;
}
