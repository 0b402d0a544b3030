/** The page docs/runtimes.md: its table has the versions that are tested. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HOSTS, PROCESSES } from './runtimes.ts';
import { runtimesTable } from './runtimesTable.ts';

it('docs/runtimes.md has the versions of the lock files', () => {
  const page = readFileSync(join(HOSTS, '..', '..', 'docs', 'runtimes.md'), 'utf8');
  const [table] = /(^\|.*\n)+/m.exec(page) ?? [];
  expect(table?.trim()).toBe(runtimesTable());
});

it('every runtime has its own major version in its name, where it has one', () => {
  const rows = runtimesTable().split('\n');
  for (const { name } of PROCESSES) {
    const [, major] = /^Node (\d+)$/.exec(name) ?? [];
    if (major)
      expect(rows.some((row) => row.startsWith('| Node ') && row.includes(`| ${major}.`))).toBe(true);
  }
});
