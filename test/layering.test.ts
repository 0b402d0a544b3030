/**
 * Which module may import which (ARCHITECTURE.md has the table for readers): read from all imports, of types as of values.
 * The rules are in support/layeringRules.ts; here they are held, and tried on imports that break them.
 */
import { describe, expect, it } from 'vitest';
import { opNames } from '../compiler/ops/index.ts';
import { importsOf, parseImports, readSource, sourceFiles } from './support/imports.ts';
import {
  MAY_IMPORT,
  ON_NODE,
  acrossCompilerAndRuntime,
  acrossFormats,
  betweenFiles,
  betweenModules,
  circle,
  describeImport,
  importersFolder,
  isCompiler,
  isNodeModule,
  isPrinter,
  mayKnowOperators,
  moduleEdges,
  moduleOf,
  needsNode,
  nodeGlobals,
  outsideTheTable,
  printersThatKnowMore,
  programOnGraphs,
  targetNamesIn,
  towardsCli,
  towardsNode,
} from './support/layeringRules.ts';
import { operatorNamesIn } from './support/operatorNames.ts';

const MAX_LINES = 400;

const files = sourceFiles('compiler', 'runtime');
const imports = files.flatMap(importsOf);

describe('the layering', () => {
  it('is read from all files: each module has a row in the table, each row a module', () => {
    const kinds = new Set(files.filter(isCompiler).map((file) => moduleOf(file).kind));
    expect([...kinds].filter((kind) => !(kind in MAY_IMPORT))).toEqual([]);
    expect(Object.keys(MAY_IMPORT).filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(betweenModules(imports).length).toBeGreaterThan(100);
  });

  it('every import names a file that exists, or a package', () => {
    const ours = imports.filter(({ to }) => /^(compiler|runtime|models|test)\//.test(to));
    const known = new Set(sourceFiles('compiler', 'runtime', 'models', 'test'));
    expect(ours.filter(({ to }) => !known.has(to)).map(describeImport)).toEqual([]);
  });

  it('every module imports only what it may', () => {
    expect(outsideTheTable(imports)).toEqual([]);
  });

  it('no modules import each other in a circle', () => {
    expect(circle(moduleEdges(imports))).toBeUndefined();
  });

  it('no files import each other in a circle, of types neither', () => {
    expect(circle(betweenFiles(imports))).toBeUndefined();
  });

  it('printers know kernels, programs and what all targets print alike only', () => {
    expect(files.filter(isPrinter).length).toBeGreaterThan(0);
    expect(printersThatKnowMore(imports)).toEqual([]);
  });

  it('targets are named in targets/ only', () => {
    const elsewhere = files.filter((file) => isCompiler(file) && !file.startsWith('compiler/targets/'));
    expect(elsewhere.flatMap((file) => targetNamesIn(file, readSource(file)))).toEqual([]);
  });

  it('what is recorded belongs to no format, and formats know nothing of each other', () => {
    expect(imports.filter(({ from }) => importersFolder(from) === 'recorded').length).toBeGreaterThan(0);
    expect(acrossFormats(imports)).toEqual([]);
  });

  it('programs know of the graph only where things come from', () => {
    expect(programOnGraphs(imports)).toEqual([]);
  });

  it('no operator is named outside its file: others import its definition or ask for its facts', () => {
    const asked = files.filter(isCompiler).filter(mayKnowOperators);
    const operators = new Set<string>(opNames);
    expect(asked.flatMap((file) => operatorNamesIn(file, readSource(file), operators))).toEqual([]);
    const kinds = new Set(asked.map((file) => moduleOf(file).kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['passes', 'a target', 'package', 'driver', 'cli']));
    expect(asked.length).toBeGreaterThan(150);
  });

  it('nothing imports cli', () => {
    expect(towardsCli(imports)).toEqual([]);
  });

  it('only the command line, the host and readers of data sets import from Node', () => {
    expect(imports.filter(({ to }) => isNodeModule(to)).length).toBeGreaterThan(20);
    expect(needsNode(imports)).toEqual([]);
    expect(towardsNode(imports)).toEqual([]);
  });

  it("nothing else in compiler/ uses Node's globals", () => {
    const others = files.filter((file) => isCompiler(file) && !ON_NODE.test(file));
    expect(others.flatMap((file) => nodeGlobals(file, readSource(file)))).toEqual([]);
  });

  it('compiler and runtime never import each other', () => {
    expect(acrossCompilerAndRuntime(imports)).toEqual([]);
  });
});

describe('the checks find', () => {
  const read = (file: string, text: string) => parseImports(file, text);

  it('each way to import', () => {
    const text = [
      `import { add } from '../ir/types.ts';`,
      `import type { Graph as G } from '../ir/graph.ts';`,
      `import { type A, type B as C } from '../ir/a.ts';`,
      `import * as all from '../ir/b.ts';`,
      `import '../ir/c.ts';`,
      `export { x } from '../ir/d.ts';`,
      `export type * from '../ir/e.ts';`,
      `const lazy = () => import('../ir/f.ts');`,
      `type T = import('../ir/g.ts').T;`,
      `// import { nothing } from '../ir/h.ts';`,
    ].join('\n');
    expect(
      read('compiler/kernel/x.ts', text).map(({ line, to, names, typeOnly }) => [line, to, names, typeOnly]),
    ).toEqual([
      [1, 'compiler/ir/types.ts', ['add'], false],
      [2, 'compiler/ir/graph.ts', ['Graph'], true],
      [3, 'compiler/ir/a.ts', ['A', 'B'], true],
      [4, 'compiler/ir/b.ts', undefined, false],
      [5, 'compiler/ir/c.ts', undefined, false],
      [6, 'compiler/ir/d.ts', ['x'], false],
      [7, 'compiler/ir/e.ts', undefined, true],
      [8, 'compiler/ir/f.ts', undefined, false],
      [9, 'compiler/ir/g.ts', undefined, true],
    ]);
  });

  it('what the table does not allow', () => {
    const wrong = read('compiler/kernel/x.ts', `import type { Graph } from '../ir/types.ts';`);
    expect(outsideTheTable(wrong)).toEqual(['compiler/kernel/x.ts:1 imports compiler/ir/types.ts']);
    const other = read('compiler/targets/wasm/x.ts', `import { x } from '../wgsl/x.ts';`);
    expect(outsideTheTable(other)).toEqual([
      'compiler/targets/wasm/x.ts:1 imports compiler/targets/wgsl/x.ts',
    ]);
  });

  it('names of targets', () => {
    const text = `const best = name === 'wasm' ? \`webgpu\` : 'wasmFeatures'; // 'typescript'`;
    expect(targetNamesIn('compiler/package/x.ts', text)).toEqual([
      'compiler/package/x.ts:1 names wasm',
      'compiler/package/x.ts:1 names webgpu',
    ]);
  });

  it('circles', () => {
    const there = read('compiler/package/x.ts', `import { y } from '../training/y.ts';`);
    const back = read('compiler/training/y.ts', `import type { x } from '../package/x.ts';`);
    expect(circle(moduleEdges([...there, ...back]))).toBe('package -> training -> package');
    expect(circle(moduleEdges(there))).toBeUndefined();
  });

  it('circles of files within a module, of three files and of types', () => {
    const files = [
      ...read('compiler/ir/a.ts', `import type { B } from './b.ts';`),
      ...read('compiler/ir/b.ts', `export type { C } from './c.ts';`),
      ...read('compiler/ir/c.ts', `type A = import('./a.ts').A;`),
    ];
    expect(circle(moduleEdges(files))).toBeUndefined();
    expect(circle(betweenFiles(files))).toBe(
      'compiler/ir/a.ts -> compiler/ir/b.ts -> compiler/ir/c.ts -> compiler/ir/a.ts',
    );
    expect(circle(betweenFiles(files.slice(1)))).toBeUndefined();
    const self = read('compiler/ir/a.ts', `import type { A } from './a.ts';`);
    expect(circle(betweenFiles(self))).toBe('compiler/ir/a.ts -> compiler/ir/a.ts');
  });

  it('names of operators as values, and no other words', () => {
    const operators = new Set(['add', 'mul', 'pad', 'input', 'constant', 'conv2d', 'maxPool']);
    const linesOf = (lines: readonly string[]): string[] =>
      operatorNamesIn('x.ts', lines.join('\n'), operators);
    const wrong = [
      `if (node.op === 'add') f();`,
      `if ('input' !== g.nodes[x]?.op) f();`,
      `switch (op) { case 'constant': f(); }`,
      `g.node('mul', operands);`,
      `append('constant', [], attrs);`,
      `const found = ['input', 'constant'].includes(node.op);`,
      `const LIST = new Set(['add', 'mul']);`,
      `const RULES: { [K in OpName]?: Rule<K> } = { add: rule };`,
      `const rules = { add: rule, mul(site) {} };`,
      `const named = (name = 'conv2d') => name;`,
      `const known = { maxPool: true, other: false };`,
      `const first: OpName = 'add';`,
      `const made = { op: 'pad' };`,
      `const one = ops['add'], two = ops.add, three = target.schedules.conv2d;`,
    ];
    wrong.forEach((line) => expect(linesOf([line]), line).not.toEqual([]));
    expect(linesOf(['', wrong[0]!])).toEqual(['x.ts:2 names add']);
    expect(linesOf([wrong.at(-1)!])).toHaveLength(3);
    const right = [
      `import { add } from './pad';`,
      `if (isOp(node, add)) g.node(mul.name, [x]);`,
      `const RULES: { [K in OpName]?: Rule<K> } = { [add.name]: rule };`,
      `type Layer = Node<'conv2d'> | 'maxPool';`,
      `if (buffer.role === 'input' || mode === 'constant') f();`,
      `switch (initializer.kind) { case 'constant': f(); }`,
      `const found = ['temporary', 'input'].includes(buffer.role);`,
      `const roles = ['input', 'constant'], fits = ['pad', 'resize'];`,
      `const zeros = { kind: 'constant', value: 0 };`,
      `readSpecs('input', definition.inputs);`,
      `const all = { pad: 1, clip: 2 }, other = { input: x, add };`,
    ];
    right.forEach((line) => expect(linesOf([line]), line).toEqual([]));
  });

  it('formats of importers where they do not belong', () => {
    const lines = [
      `import type { SourceGraph } from '../recorded/sourceGraph.ts';`,
      `import type { ReadModel } from '../types.ts';`,
      `import { readTflite } from '../tflite/read.ts';`,
      `import { IMPORTERS } from '../index.ts';`,
    ];
    const wrong = (file: string) => lines.map((line) => acrossFormats(read(file, line)).length);
    expect(wrong('compiler/importers/onnx/x.ts')).toEqual([0, 0, 1, 1]);
    expect(wrong('compiler/importers/recorded/x.ts')).toEqual([0, 1, 1, 1]);
  });

  it('what runs in Node only', () => {
    const lines = [
      `import { readFileSync } from 'node:fs';`,
      `const { default: sharp } = await import('sharp');`,
      `import { register } from 'tsx/esm/api';`,
      `import { format } from 'prettier';`,
    ];
    const wrong = (file: string) => lines.map((line) => needsNode(read(file, line)).length);
    expect(wrong('compiler/driver/x.ts')).toEqual([1, 1, 1, 0]);
    expect(wrong('compiler/training/x.ts')).toEqual([1, 1, 1, 0]);
    expect(wrong('compiler/host/x.ts')).toEqual([0, 0, 0, 0]);
    expect(wrong('compiler/host/browser/x.ts')).toEqual([1, 1, 1, 0]);
    const host = `import { nodeHost } from '../host/node.ts';`;
    expect(towardsNode(read('compiler/driver/x.ts', host))).toHaveLength(1);
    expect(towardsNode(read('compiler/cli/x.ts', host))).toEqual([]);
    const text = [`const a = process.cwd();`, `const b = Buffer.from(a.setImmediate);`].join('\n');
    expect(nodeGlobals('x.ts', text)).toEqual(['x.ts: process', 'x.ts: Buffer']);
    const own = `import type { Buffer } from './types.ts'; const one = (x: Buffer): Buffer => x;`;
    expect(nodeGlobals('x.ts', own)).toEqual([]);
  });

  it('printers, programs, runtime and the command line', () => {
    const printer = read('compiler/targets/wasm/printer.ts', `import { f } from './schedules/f.ts';`);
    expect(printersThatKnowMore(printer)).toHaveLength(1);
    const program = [
      ...read('compiler/program/x.ts', `import { Origin } from '../ir/types.ts';`),
      ...read('compiler/program/x.ts', `import type { Origin, Graph } from '../ir/types.ts';`),
      ...read('compiler/program/x.ts', `import type { Origin } from '../ir/types.ts';`),
    ];
    expect(programOnGraphs(program)).toHaveLength(2);
    expect(
      acrossCompilerAndRuntime(read('runtime/x.ts', `import { x } from '../compiler/x.ts';`)),
    ).toHaveLength(1);
    expect(towardsCli(read('compiler/package/x.ts', `import { x } from '../cli/x.ts';`))).toHaveLength(1);
  });
});

describe('sizes', () => {
  it(`no file of compiler/, runtime/ or models/ has more than ${MAX_LINES} lines`, () => {
    const all = sourceFiles('compiler', 'runtime', 'models');
    const sizes = all.map((file) => ({ file, lines: readSource(file).trimEnd().split('\n').length }));
    expect(sizes.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
    expect(sizes.length).toBeGreaterThan(100);
  });
});
