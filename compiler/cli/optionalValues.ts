/**
 * Options whose value is optional, such as `--train` and `--inline`. Commander takes the next word as their value, which
 * would swallow the model's path. Here an option without a value gets its usual one before Commander reads the words.
 */
import type { Command } from 'commander';

export interface OptionalValue {
  /** The value of the option if none is given. */
  readonly usual: string;
  /** Whether the word after the option is meant as its value. */
  isValue(word: string): boolean;
}

/** The options by their flags: `--train`. */
export type OptionalValues = Readonly<Record<string, OptionalValue>>;

/** Makes the command read these options. Each option of the command with an optional value needs an entry. */
export function readOptionalValues(command: Command, options: OptionalValues): void {
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (args) => parse(attachValues(args, options));
}

/** `--train model.ts` becomes `--train=all model.ts`; `--train head model.ts` stays. */
export const attachValues = (args: readonly string[], options: OptionalValues): string[] =>
  args.map((arg, i) => {
    const option = Object.hasOwn(options, arg) ? options[arg] : undefined;
    const next = args[i + 1];
    const hasValue = next !== undefined && !next.startsWith('-') && option?.isValue(next);
    return option && !hasValue ? `${arg}=${option.usual}` : arg;
  });
