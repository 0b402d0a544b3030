/** Packages in a folder without dependencies, as TypeScript checks them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { NO_CHECK } from '../../compiler/package/files.ts';
import { createFolders } from './folders.ts';
import { compilePackage } from './packages.ts';

const newFolder = createFolders();
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    exactOptionalPropertyTypes: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    noUncheckedIndexedAccess: false,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    module: 'NodeNext',
    target: 'ES2022',
    types: [],
    noEmit: true,
  },
  include: ['**/*.ts'],
};

/** Removes the lines that keep TypeScript from checking a package's sources. Each of them has one. */
function checkSources(folder: string): void {
  for (const name of readdirSync(join(folder, 'package'), { recursive: true, encoding: 'utf8' })) {
    if (!/(?<!\.d)\.ts$/.test(name)) continue;
    const file = join(folder, 'package', name);
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith(NO_CHECK), name).toBe(true);
    writeFileSync(file, text.slice(NO_CHECK.length));
  }
}

/** The package of a model in a new folder, with sources that TypeScript checks. */
export async function checkedPackage(...compiled: Parameters<typeof compilePackage>): Promise<string> {
  const folder = newFolder();
  writePackage(join(folder, 'package'), await compilePackage(...compiled));
  checkSources(folder);
  return folder;
}

/** What tsc says; empty where everything is right. */
export function typeCheck(folder: string, usage: string, options: object = {}): string[] {
  writeFileSync(join(folder, 'usage.ts'), usage);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = { ...TSCONFIG.compilerOptions, ...options };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...TSCONFIG, compilerOptions }));
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' });
  const problems = stdout.trim().split('\n').filter(Boolean);
  expect(status === 0).toBe(problems.length === 0);
  return problems;
}
