/** The documents' programs: type-checked as a user's compiler would, and run where they are whole. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { compile, type CompileOptions } from '../../compiler/index.ts';
import { createFolders } from '../support/folders.ts';
import { projectRoot } from '../support/imports.ts';
import { zooModel } from '../support/models.ts';
import { BLOCKS, placeOf, type Block } from './blocks.ts';
import { writeGiven } from './given.ts';
import { ROWS, type Module, type PackageName } from './rows.ts';
import { createProjects } from './scratch.ts';

const TIMEOUT = 180_000;
const newFolder = createFolders();
const newProject = createProjects();

interface Program {
  readonly place: string;
  readonly block: Block;
  readonly check: Module;
}

const PROGRAMS: readonly Program[] = ROWS.flatMap(({ file, holds, check }) => {
  if (check.kind !== 'module') return [];
  const block = BLOCKS.find((one) => one.file === file && one.text.includes(holds))!;
  return [{ place: placeOf(block), block, check }];
});

/** Packages that the repository does not hold. ResNet-20 stands for ResNet-18, whose types are the same but for sizes. */
const PACKAGES: Readonly<Record<PackageName, { readonly model: string; readonly options: CompileOptions }>> =
  {
    trainer: { model: 'lenet5', options: { batch: 32, training: { optimizer: 'adam' } } },
    webgpu: { model: 'resnet20', options: { targets: ['webgpu'] } },
    moving: { model: 'resnet20', options: { targets: ['wasm'] } },
    any: { model: 'resnet20', options: { targets: ['wasm'], batch: [1, 8, 32] } },
    webgpuTrainer: { model: 'lenet5', options: { batch: 32, training: {}, targets: ['webgpu'] } },
  };

/** A program as a module at the root of the repository, where its imports are found. */
const nameOf = (index: number): string => join(projectRoot, `block-${index}.ts`);

function sourceOf({ block, check }: Program, packages: string): string {
  const imports = Object.entries(check.packages ?? {}).reduce(
    (text, [name, at]) => text.replace(`./generated/${name}/index.js`, `${packages}/${at}/index.js`),
    block.text,
  );
  return `${imports}\n${check.context ?? ''}\nexport {};\n`;
}

/** What the compiler reports on each of the sources, which need not be files. */
function problemsOf(sources: ReadonlyMap<string, string>): readonly string[] {
  const { config } = ts.readConfigFile(join(projectRoot, 'tsconfig.json'), ts.sys.readFile) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectRoot);
  const settings = { ...options, noUnusedLocals: false, allowJs: true };
  const host = ts.createCompilerHost(settings);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const source = sources.get(file);
    return source === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, source, version);
  };
  // Imports of model files have types in a project that uses the plugin.
  const roots = [...sources.keys(), join(projectRoot, 'client.d.ts')];
  const program = ts.createProgram(roots, settings, host);
  return [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText, start = 0 }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `${file}:${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

describe('the programs of the documents', () => {
  let packages: string;
  beforeAll(async () => {
    packages = newFolder();
    for (const [name, { model, options }] of Object.entries(PACKAGES)) {
      const { files } = await compile(await zooModel(model), options);
      writePackage(join(packages, name), files);
    }
  }, TIMEOUT);

  it(
    'have no errors of types',
    () => {
      const typed = PROGRAMS.filter(({ block }) => block.language === 'ts');
      expect(typed.length).toBeGreaterThan(5);
      const sources = new Map(typed.map((program, i) => [nameOf(i), sourceOf(program, packages)]));
      const wrong = join(projectRoot, 'block-wrong.ts');
      sources.set(wrong, "import { compile } from 'cnnc';\ncompile(1);\n");
      const problems = problemsOf(sources).map((text) =>
        typed.reduce((at, { place }, i) => at.replace(`${nameOf(i)}:`, `${place} line `), text),
      );
      expect(problems).toEqual([expect.stringContaining(`${wrong}:2: Argument of type 'number'`)]);
    },
    TIMEOUT,
  );
});

/** The loader of TypeScript, for programs that import model files. */
const TSX = ['--import', 'tsx'];

it.each(
  PROGRAMS.flatMap((program) => (program.check.runs ? [{ ...program, runs: program.check.runs }] : [])),
)(
  '$place runs in Node',
  async ({ block, runs }) => {
    const folder = newProject();
    await writeGiven(folder, runs.given);
    writeFileSync(join(folder, runs.file), block.text);
    const args = runs.file.endsWith('.ts') ? [...TSX, runs.file] : [runs.file];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(runs.prints instanceof RegExp ? runs.prints : new RegExp(escape(runs.prints)));
  },
  TIMEOUT,
);

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
