/** The documents' commands parse; the fast ones run, inside of this process. commands.slow.test.ts runs all of them in a shell. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cnnc } from '../cli/support.ts';
import { commands } from '../support/docs/commandLine.ts';
import { GENERATED } from '../support/generated.ts';
import { projectRoot } from '../support/imports.ts';
import { COMMAND_BLOCKS, commandsIn } from './commands.ts';
import { writeGiven } from './given.ts';
import { createOwnFolders } from './scratch.ts';

const TIMEOUT = 180_000;
const newFolder = createOwnFolders();
afterEach(() => process.chdir(projectRoot));

/** The arguments of `npx cnnc`, or undefined for another program. */
const argumentsOf = (command: string): string[] | undefined =>
  command.startsWith('npx cnnc ')
    ? command
        .split(/\s+/)
        .slice(2)
        .map((word) => word.replace(/^'(.*)'$/, '$1'))
    : undefined;

describe('the commands of', () => {
  it.each(COMMAND_BLOCKS)('$place exist, and so do their options', ({ commands: lines }) => {
    for (const line of lines) {
      const [name, ...rest] = argumentsOf(line) ?? [];
      if (name === undefined) continue;
      const command = commands().find((one) => one.name() === name);
      expect(command, line).toBeDefined();
      const known = command!.options.map(({ long }) => long);
      expect(known, line).toEqual(expect.arrayContaining(rest.filter((word) => word.startsWith('--'))));
    }
  });

  it.each(COMMAND_BLOCKS.flatMap(({ commands: lines }) => lines.filter((line) => /^npm run /.test(line))))(
    '%s is a script of this project or of a new one',
    (line) => {
      const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
      expect([...Object.keys(scripts), 'dev']).toContain(line.split(' ')[2]);
    },
  );

  it.each(COMMAND_BLOCKS.filter(({ check }) => check.speed === 'fast'))(
    '$place run',
    async ({ commands: lines, check }) => {
      const folder = newFolder();
      await writeGiven(folder, check.given);
      process.chdir(folder);
      for (const line of lines) {
        if (line === 'npm ci') continue;
        const { code, err } = await cnnc(argumentsOf(line)!);
        expect(code, `${line}\n${err}`).toBe(0);
      }
      expect((check.writes ?? []).filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    },
    TIMEOUT,
  );
});

/** Flags that do not change the package. */
const HARMLESS = ['--report', '--timings', '--json', '--dump-ir'];

/** Whether the command writes something else to a folder of `generated/` that is committed. */
function changesCommitted(words: readonly string[]): boolean {
  const [command, model = '', ...rest] = words;
  const committed = GENERATED.find(({ name }) => name === basename(model, '.ts'));
  if (command !== 'compile' || !committed || rest.includes('--out') || rest.includes('--name')) return false;
  const known = committed.weightsCommitted ? HARMLESS : [...HARMLESS, '--weights'];
  return rest.some((word) => word.startsWith('--') && !known.includes(word));
}

it('no command of a document or of the help changes a committed package', () => {
  const examples = readFileSync('docs/command-line.md', 'utf8').match(/^cnnc .*$/gm)!;
  const lines = COMMAND_BLOCKS.flatMap(({ commands: all }) => all);
  expect(examples.length).toBeGreaterThan(20);
  const wordsOf = (line: string): string[] => line.split(' ').slice(line.startsWith('npx') ? 2 : 1);
  expect([...lines, ...examples].filter((line) => changesCommitted(wordsOf(line)))).toEqual([]);
  expect(changesCommitted(wordsOf('npx cnnc compile models/lenet5.ts --target wasm'))).toBe(true);
  expect(changesCommitted(wordsOf('npx cnnc compile lenet5 --weights mine.safetensors'))).toBe(true);
});

it('commands are found in lines, after && and before comments', () => {
  expect(commandsIn('a b && c   # why\n\n# nothing\nd')).toEqual(['a b', 'c', 'd']);
});
