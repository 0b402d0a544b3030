/**
 * Folders in which the documents' commands run: a project of a user's with the models of the zoo, `generated/lenet5` and
 * cnnc as an installed package.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import { projectRoot } from '../support/imports.ts';

const LENET5 = 'generated/lenet5';

function fill(folder: string): string {
  cpSync(join(projectRoot, 'models'), join(folder, 'models'), { recursive: true });
  cpSync(join(projectRoot, LENET5), join(folder, LENET5), { recursive: true });
  return folder;
}

/** A project on its own, for programs and shells; removed after the tests of the file. */
export function createProjects(): () => string {
  return createIn(tmpdir(), (folder) => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    linkPackages(join(folder, 'node_modules'));
    return fill(folder);
  });
}

/** The same inside the repository, for commands that run in the test's own process and share its modules. */
export const createOwnFolders = (): (() => string) => createIn(join(projectRoot, 'tmp'), fill);

function createIn(parent: string, prepare: (folder: string) => string): () => string {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  return () => {
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, 'cnnc-docs-'));
    folders.push(folder);
    return prepare(folder);
  };
}

/** What the repository has installed, and cnnc itself with its command. */
function linkPackages(folder: string): void {
  const installed = join(projectRoot, 'node_modules');
  mkdirSync(join(folder, '.bin'), { recursive: true });
  for (const name of readdirSync(installed))
    if (!name.startsWith('.') && name !== 'cnnc') symlinkSync(join(installed, name), join(folder, name));
  for (const name of readdirSync(join(installed, '.bin')))
    if (name !== 'cnnc') symlinkSync(realpathSync(join(installed, '.bin', name)), join(folder, '.bin', name));
  linkCompiler(join(folder, 'cnnc'));
  symlinkSync(join(projectRoot, 'bin/cnnc.js'), join(folder, '.bin', 'cnnc'));
}

/**
 * The repository is not built: its sources stand for the packed library. Vite loads the plugin in plain Node, so that file
 * registers the loader of TypeScript.
 */
function linkCompiler(folder: string): void {
  mkdirSync(folder);
  symlinkSync(join(projectRoot, 'bin'), join(folder, 'bin'));
  symlinkSync(join(projectRoot, 'client.d.ts'), join(folder, 'client.d.ts'));
  symlinkSync(join(projectRoot, 'runtime'), join(folder, 'runtime'));
  const source = (path: string): string => pathToFileURL(join(projectRoot, 'compiler', path)).href;
  const files = {
    'package.json': JSON.stringify({
      ...{ name: 'cnnc', type: 'module' },
      exports: {
        ...{ '.': './index.js', './browser': './browser.js', './plugin': './plugin.js' },
        './client': { types: './client.d.ts' },
        './runtime/*': './runtime/*.ts',
        './runtime/schedule': './runtime/training/schedule.ts',
      },
    }),
    'index.js': `export * from '${source('index.ts')}';`,
    'browser.js': `export * from '${source('browser.ts')}';`,
    'plugin.js': `import { register } from 'tsx/esm/api';
      register();
      export const { cnnc } = await import('${source('plugin/index.ts')}');`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
