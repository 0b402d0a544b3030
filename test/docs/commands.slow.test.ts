/** Every block of commands in the documents, in a shell, in a project that has cnnc installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../support/imports.ts';
import { COMMAND_BLOCKS, shellCommand } from './commands.ts';
import { writeGiven } from './given.ts';
import { createProjects } from './scratch.ts';

const newProject = createProjects();

it.each(COMMAND_BLOCKS)('$place', async ({ commands, check }) => {
  const folder = newProject();
  await writeGiven(folder, check.given);
  const script = [...(check.before === undefined ? [] : [check.before]), ...commands.map(shellCommand)].join(
    '\n',
  );
  const cwd = check.inRepository ? projectRoot : folder;
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', script], { cwd, encoding: 'utf8' });
  expect(status, `${script}\n${stdout}\n${stderr}`).toBe(0);
  expect((check.writes ?? []).filter((file) => !existsSync(join(folder, file)))).toEqual([]);
});
