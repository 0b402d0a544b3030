/**
 * The pages of `docs/` that are written from the code are up to date. Where one is stale the test names it and its first
 * stale line; `npm run generate` writes it again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commands } from '../support/docs/commandLine.ts';
import { PAGES, textOf } from '../support/docs/pages.ts';

/** The zoo's page compiles every model. */
const TIMEOUT = 600_000;

function firstStaleLine(file: string, fresh: string): string | undefined {
  if (!existsSync(file)) return `${file} is missing`;
  const [old, now] = [readFileSync(file, 'utf8').split('\n'), fresh.split('\n')];
  const line = now.findIndex((text, i) => text !== old[i]);
  if (line < 0 && old.length === now.length) return undefined;
  const at = line < 0 ? now.length : line;
  return `${file}:${at + 1} is stale, npm run generate writes it again:\n  committed ${old[at]}\n  generated ${now[at]}`;
}

it.each(PAGES)(
  '$file is what npm run generate writes',
  async (page) => {
    expect(firstStaleLine(page.file, await textOf(page))).toBeUndefined();
  },
  TIMEOUT,
);

it('the page of the command line has every option and every example of every command', () => {
  const page = readFileSync('docs/command-line.md', 'utf8');
  const all = commands();
  expect(all.map((command) => command.name())).toContain('compile');
  for (const command of all) {
    const section = page.split(`## cnnc ${command.name()}\n`)[1]!.split('\n## ')[0]!;
    for (const { flags } of command.options) expect(section).toContain(`| \`${flags}\``);
    expect(section).toContain(`\ncnnc ${command.name()} `);
  }
});
