/** Every block of commands in the documents, in a shell, in a project that has cnnc installed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../support/imports.ts';
import { COMMAND_BLOCKS, shellCommand } from './commands.ts';
import { writeGiven } from './given.ts';
import { createProjects } from './scratch.ts';

const newProject = createProjects();

interface Ended {
  readonly code: number | null;
  /** What the commands print, on both of their outputs. */
  readonly printed: string;
}

/** Stops at the first command that fails. The test's process goes on, so that vitest hears from it. */
function runShell(script: string, cwd: string): Promise<Ended> {
  const shell = spawn('sh', ['-e', '-c', script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.on('data', (bytes: Buffer) => void (printed += bytes.toString()));
  return new Promise((resolve) => shell.on('close', (code) => resolve({ code, printed })));
}

it.each(COMMAND_BLOCKS)('$place', async ({ commands, check }) => {
  const folder = newProject();
  await writeGiven(folder, check.given);
  const script = [...(check.before === undefined ? [] : [check.before]), ...commands.map(shellCommand)].join(
    '\n',
  );
  const cwd = check.inRepository ? projectRoot : folder;
  const { code, printed } = await runShell(script, cwd);
  expect(code, `${script}\n${printed}`).toBe(0);
  expect((check.writes ?? []).filter((file) => !existsSync(join(folder, file)))).toEqual([]);
});
