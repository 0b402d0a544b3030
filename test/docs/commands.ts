/** The commands of the documents' blocks, one by one, and what stands for those that a test cannot run. */
import { BLOCKS, placeOf, type Block } from './blocks.ts';
import { ROWS, type Commands } from './rows.ts';

export interface CommandBlock {
  readonly place: string;
  readonly commands: readonly string[];
  readonly check: Commands;
}

/** `a && b # why` is `a` and `b`. */
export const commandsIn = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .flatMap((line) => line.split(' && '));

const blockOf = (file: string, holds: string): Block =>
  BLOCKS.find((block) => block.file === file && block.text.includes(holds))!;

export const COMMAND_BLOCKS: readonly CommandBlock[] = ROWS.flatMap(({ file, holds, check }) => {
  if (check.kind !== 'commands') return [];
  const block = blockOf(file, holds);
  return [{ place: placeOf(block), commands: commandsIn(block.text), check }];
});

/** What a command is replaced by in a shell, and why. */
const SUBSTITUTES: readonly { readonly is: RegExp; readonly by: string; readonly why: string }[] = [
  { is: /^npm ci$/, by: 'true', why: '.ci/run installs from nothing' },
  { is: /^npm test$/, by: 'true', why: 'this is one of its tests' },
  { is: /^npm i -D cnnc$/, by: 'true', why: 'cnnc is linked; the test of the packed package installs it' },
  {
    is: /^npm install$/,
    by: 'ln -s ../node_modules node_modules',
    why: 'everything is installed, and tests need no network',
  },
  { is: /^npm run dev$/, by: 'npx vite build', why: 'the server for developers does not end' },
  {
    is: /^(npx cnnc train models\/lenet5\.ts --data mnist)$/,
    by: '$1 --epochs 1',
    why: 'four epochs take minutes',
  },
];

export const shellCommand = (command: string): string =>
  SUBSTITUTES.reduce((text, { is, by }) => text.replace(is, by), command);
