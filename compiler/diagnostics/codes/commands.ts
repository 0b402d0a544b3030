/** Errors in the use of the command line and in options of the library. */
import type { CodeEntry } from './types.ts';

export const COMMAND_CODES = {
  CNNC4001: {
    title: 'Unknown command',
    explanation: 'cnnc has no command with this name.',
    fix: '`cnnc --help` lists the commands.',
  },
  CNNC4002: {
    title: 'Unknown option',
    explanation: 'The command has no option with this name.',
    fix: 'Add `--help` to the command to list its options.',
  },
  CNNC4003: {
    title: 'An argument or a value is missing',
    explanation: 'The command needs an argument or an option that was not given, or an option has no value.',
    fix: 'Add `--help` to the command to see what it needs.',
  },
  CNNC4004: {
    title: 'Too many arguments',
    explanation: 'The command takes fewer arguments. Often a path with blanks was not quoted.',
    fix: 'Remove the extra arguments, or put quotes around paths with blanks.',
  },
  CNNC4005: {
    title: 'The value of an option is not allowed',
    explanation:
      'The value cannot be read as the option expects, is out of range, or is not one of the choices.',
    fix: 'Give a value as the error describes it.',
  },
  CNNC4006: {
    title: 'An option is given twice',
    explanation: 'Two values were given for the same thing, so it is unclear which one is meant.',
    fix: 'Remove one of them.',
  },
  CNNC4007: {
    title: 'Options exclude each other',
    explanation: 'Two options were given of which only one can be followed.',
    fix: 'Leave one of them out.',
  },
  CNNC4008: {
    title: 'The option has no effect here',
    explanation:
      'The option only applies together with another option, another target or another kind of package.',
    fix: 'Leave the option out, or add what it needs.',
  },
  CNNC4020: {
    title: 'An option of a function is wrong',
    explanation:
      'A function of the library, such as `compile`, got an option that is unknown, missing or of the wrong type.',
    fix: 'Correct the option that the error names.',
  },
  CNNC4021: {
    title: 'There are no files here',
    explanation:
      'A path was given to the compiler where it cannot read files, as in a browser, or the host was made without a file that the package needs.',
    fix: 'Pass bytes instead of a path, and create the host with all files of the runtime.',
  },
  CNNC4030: {
    title: 'The page of `cnnc init` cannot show the model',
    explanation:
      'The page passes one image to the model and shows the most probable classes. The model has other inputs, or no output with a score for each class.',
    fix: 'Use the plugin in a page of your own, or choose another model.',
  },
} as const satisfies Readonly<Record<`CNNC4${string}`, CodeEntry>>;
