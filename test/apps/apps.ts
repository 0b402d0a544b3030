/** Applications in folders of their own, where an installed cnnc and its neighbours are found. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** What `npm install` would do for these packages, which this project has. */
export function install(folder: string, installed: string, packages: readonly string[] = []): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  symlinkSync(installed, join(modules, 'cnnc'), 'dir');
  for (const name of packages) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name), 'dir');
  }
}

/** What TypeScript finds wrong in a project with a tsconfig.json. */
export function typeErrors(folder: string): string[] {
  const read = ts.readConfigFile(join(folder, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { fileNames, options } = ts.parseJsonConfigFileContent(read.config as unknown, ts.sys, folder);
  const program = ts.createProgram(fileNames, options);
  return ts.getPreEmitDiagnostics(program).map(({ file: at, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    return at ? `${at.fileName}: ${text}` : text;
  });
}
