/**
 * `runtime.ts` of a package: the declarations of runtime/ that its modules use, as they are written there, and
 * nothing else.
 */
import { describe, expect, it } from 'vitest';
import { ts } from 'ts-morph';
import { runtimeText } from '../../compiler/host/runtimeText.ts';
import { RUNTIME_PARTS, runtimeFile, runtimeImports } from '../../compiler/package/runtimeFile.ts';
import { parsePart, runtimeLibrary } from '../../compiler/package/runtimePart.ts';
import { targetNames } from '../../compiler/targets/index.ts';
import { sourceFiles } from '../support/imports.ts';
import { classifier, parameterless, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const { part, exportsOf } = runtimeLibrary(runtimeText);

describe('the parts', () => {
  it('are all modules of runtime/', () => {
    const files = sourceFiles('runtime').map((file) => file.replace(/^runtime\/|\.ts$/g, ''));
    expect(files.filter((file) => !RUNTIME_PARTS.some((path) => path === file))).toEqual([]);
    expect(RUNTIME_PARTS.filter((path) => !files.includes(path))).toEqual([]);
  });

  it('have no name twice, so that any of them can be joined', () => {
    const owners = new Map<string, Set<string>>();
    for (const path of RUNTIME_PARTS) {
      for (const { name } of part(path).declarations)
        owners.set(name, (owners.get(name) ?? new Set()).add(path));
    }
    expect([...owners].filter(([, paths]) => paths.size > 1)).toEqual([]);
  });

  it('export what a search for exports finds', () => {
    for (const path of RUNTIME_PARTS) {
      const exported = part(path).declarations.filter(({ isExported }) => isExported);
      expect([...new Set(exportsOf(path))]).toEqual([...new Set(exported.map(({ name }) => name))]);
    }
  });

  it('are taken apart with their comments, without `export`', () => {
    const { header, imports, declarations } = parsePart(
      'wasm/made',
      `/** A part. */
import { a, type B } from '../other.ts';

// Above.
/** Doc. */
export const one = (b: B): number => a(b).two; // after

interface Two {
  readonly one: number;
}

export function three(two: Two, { one: renamed }: Two): number {
  return two.one + renamed;
}
`,
    );
    expect([header, [...imports]]).toEqual([
      '/** A part. */',
      [
        ['a', 'other'],
        ['B', 'other'],
      ],
    ]);
    expect(declarations.map(({ name, kind, isExported, uses }) => [name, kind, isExported, uses])).toEqual([
      ['one', 'value', true, ['B', 'a']],
      ['Two', 'type', false, []],
      ['three', 'value', true, ['Two']],
    ]);
    expect(declarations[0]!.text).toBe(
      '// Above.\n/** Doc. */\nconst one = (b: B): number => a(b).two; // after',
    );
  });

  it.each([
    ['no header', `const a = 1;`, 'has no header'],
    ['a statement', `/** Part. */\nrun();`, 'a part is made of functions, constants and types'],
    ['a renamed import', `/** Part. */\nimport { a as b } from './c.ts';`, 'renames a'],
    ['a package', `/** Part. */\nimport { a } from 'b';`, 'is no import of names from another part'],
  ])('with %s are errors', (_, source, message) => {
    expect(() => parsePart('made', source)).toThrow(message);
  });
});

describe('what modules import', () => {
  it('is read from imports and exports of every form that packages are printed in', () => {
    const module = `import { forward as runForward } from './forward.js';
import { checkInputs, type Ranked, topK as rank } from "./runtime.js";
import type {
  LeftOut,
  NamedParameter,
} from '../../runtime.js';
export type { GpuBuffer } from './runtime.js';`;
    expect(runtimeImports(module)).toEqual([
      'checkInputs',
      'Ranked',
      'topK',
      'LeftOut',
      'NamedParameter',
      'GpuBuffer',
    ]);
  });

  it('in another form is an error', () => {
    expect(() => runtimeImports(`import * as all from './runtime.js';`)).toThrow('but not by names');
    expect(() => runtimeImports(`const all = await import('./runtime.js');`)).toThrow('but not by names');
  });

  it('is there, or an error', () => {
    expect(() => runtimeFile(runtimeText, [`import { nothing } from './runtime.js';`])).toThrow(
      'no part of runtime/ exports nothing',
    );
  });
});

describe('the file', () => {
  it('has what is imported and what that uses, in the order of runtime/, with comments', () => {
    const text = runtimeFile(runtimeText, [`import { runsWasm } from './runtime.js';`]);
    const names = [...text.matchAll(/^(?:export )?(?:const|function) \w+/gm)].map(([name]) => name);
    expect(names).toEqual([
      'const EMPTY',
      'const SIMD',
      'const validates',
      'const bytesOfHex',
      'const hasWasmSimd',
      'function mayCompileWasm',
      'const isCompiledWasm',
      'export const runsWasm',
    ]);
    expect(text).toMatch(/^\/\*\*\n \* Detects what the host's WebAssembly supports/);
    expect(text).toContain('// An empty module,');
    expect(text).not.toContain('relaxed_madd =');
  });

  it('is the same for the same modules', () => {
    const modules = [`import { readWeights, checkInputs } from './runtime.js';`];
    expect(runtimeFile(runtimeText, modules)).toBe(runtimeFile(runtimeText, modules));
  });
});

const CASES = targetNames.flatMap((target) => [
  [target, 'classifier', classifier, undefined] as const,
  [target, 'a network without parameters', parameterless, undefined] as const,
  [target, 'a network that trains', trainable, { optimizer: 'sgd' }] as const,
]);

/** Names that a declaration file or module declares at its top, by whether they are exported. */
function declared(text: string): { readonly exported: string[]; readonly own: string[] } {
  const file = ts.createSourceFile('runtime.ts', text, ts.ScriptTarget.ES2022, true);
  const names = file.statements.map((one) => {
    const name = ts.isVariableStatement(one)
      ? one.declarationList.declarations[0]!.name.getText()
      : (one as ts.FunctionDeclaration).name!.text;
    const isExported =
      ts.canHaveModifiers(one) &&
      ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return { name, isExported };
  });
  const pick = (wanted: boolean): string[] => [
    ...new Set(names.filter(({ isExported }) => Boolean(isExported) === wanted).map(({ name }) => name)),
  ];
  return { exported: pick(true), own: pick(false) };
}

describe.each(CASES)('in a package for %s of %s', (target, _, model, training) => {
  it(
    'exports what the modules import and the schedules, and has nothing that is never used',
    async () => {
      const files = await compilePackage(model, 'model.ts', {
        targets: [target],
        ...(training && { training }),
      });
      const modules = [...files].filter(([name]) => /(?<!\.d)\.ts$/.test(name) && name !== 'runtime.ts');
      const imported = new Set(modules.flatMap(([, text]) => runtimeImports(text as string)));
      const text = files.get('runtime.ts') as string;
      const { exported, own } = declared(text);
      if (training) for (const name of exportsOf('training/schedule')) imported.add(name);
      expect([...exported].sort()).toEqual([...imported].sort());
      expect(exported.length).toBeGreaterThan(0);
      const unused = own.filter((name) => text.match(new RegExp(`\\b${name}\\b`, 'g'))!.length < 2);
      expect(unused).toEqual([]);
    },
    COMPILE_TIMEOUT,
  );
});
